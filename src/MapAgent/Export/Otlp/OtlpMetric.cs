using System.Collections.Generic;
using System.Linq;

namespace MapAgent.Export.Otlp;

/// <summary>One metric as a receiver sees it, made of one or more families.</summary>
/// <param name="Name">Dotted; by the semantic conventions where they have one.</param>
/// <param name="Unit">UCUM, with 1 for counts that no convention names.</param>
/// <param name="IsSum">True for a gauge whose convention says that it is a sum that rises and falls.</param>
/// <param name="Sources">The families, with an attribute that tells their points apart.</param>
internal sealed record OtlpMetric(string Name, string Unit, bool IsSum, IReadOnlyList<OtlpSource> Sources)
{
    /// <summary>The first family's; all are of one kind.</summary>
    public InstrumentKind Kind => Sources[0].Family.Kind;

    /// <summary>What it means.</summary>
    public string Description { get; } = string.Join(' ', Sources.Select(static source => source.Family.Help));
}

/// <summary>A family as a part of a metric.</summary>
/// <param name="Family">The row of the table.</param>
/// <param name="Attribute">Name of an attribute of all its points; null for none.</param>
/// <param name="Value">Its value.</param>
internal sealed record OtlpSource(Family Family, string? Attribute, string? Value);
