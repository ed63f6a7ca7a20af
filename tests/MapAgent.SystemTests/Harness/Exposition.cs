using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A parsed page of metrics.</summary>
internal sealed record Exposition(IReadOnlyDictionary<string, string> Types, IReadOnlyList<Sample> Samples)
{
    /// <summary>All samples with the name and the labels.</summary>
    public Sample[] Find(string name, params (string Name, string Value)[] labels) => [.. Samples.Where(sample => sample.Is(name, labels))];

    /// <summary>The value of the only sample with the name and the labels; null when there is none.</summary>
    public double? Value(string name, params (string Name, string Value)[] labels)
    {
        Sample[] found = Find(name, labels);
        Assert.True(found.Length <= 1, $"{found.Length} samples of {name}");
        return found.Length == 1 ? found[0].Value : null;
    }

    /// <summary>The sum over all samples with the name and the labels.</summary>
    public double Sum(string name, params (string Name, string Value)[] labels) => Find(name, labels).Sum(static sample => sample.Value);
}
