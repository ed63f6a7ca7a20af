using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace MapAgent.SystemTests.Harness;

/// <summary>A rendered chart.</summary>
/// <param name="Text">As helm prints it.</param>
/// <param name="Documents">Every document as Kubernetes reads it.</param>
internal sealed record Rendering(string Text, IReadOnlyList<JsonElement> Documents)
{
    /// <summary>The documents of one kind.</summary>
    public IEnumerable<JsonElement> OfKind(string kind) => Documents.Where(document => document.GetProperty("kind").GetString() == kind);
}
