using System.Collections.Generic;
using System.Linq;

namespace MapAgent.SystemTests.Harness;

/// <summary>One line of an exposition.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Name and labels in one order.</summary>
    public string Key => Name + "{" + string.Join(",", Labels.OrderBy(static label => label.Key, System.StringComparer.Ordinal)
        .Select(static label => $"{label.Key}=\"{label.Value}\"")) + "}";

    /// <summary>A label's value; null without the label.</summary>
    public string? this[string label] => Labels.GetValueOrDefault(label);

    /// <summary>True when the sample has the name and all of the labels.</summary>
    public bool Is(string name, (string Name, string Value)[] labels) =>
        Name == name && labels.All(label => Labels.TryGetValue(label.Name, out string? value) && value == label.Value);
}
