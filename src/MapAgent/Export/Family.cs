using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>One row of the table of families: everything that is the same for all its series.</summary>
/// <param name="Instrument">OpenTelemetry's name, dotted and without unit.</param>
/// <param name="Unit">UCUM: By, s, or empty for counts.</param>
/// <param name="Kind">Gauge, counter or histogram.</param>
/// <param name="Help">A sentence an operator can act on.</param>
internal abstract record Family(string Instrument, string Unit, InstrumentKind Kind, string Help)
{
    /// <summary>Label names beyond those of the scope.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>True when there may be nothing to tell although all can be read.</summary>
    public bool IsOccasional { get; init; }

    /// <summary>The name as Prometheus sees it.</summary>
    public string Name => Instrument.Replace('.', '_') + Suffix + (Kind == InstrumentKind.Counter ? "_total" : "");

    private string Suffix => Unit switch
    {
        "By" => "_bytes",
        "s" => "_seconds",
        "" => "",
        _ => throw new InvalidOperationException($"{Instrument}: no suffix is known for the unit {Unit}"),
    };
}

/// <summary>A family with one value for each series of a group, or a few that one label tells apart.</summary>
internal sealed record SeriesFamily(string Instrument, string Unit, InstrumentKind Kind, string Help, params Part[] Parts)
    : Family(Instrument, Unit, Kind, Help);

/// <summary>A family with one value for each file of a group, whose label sets come and go with the files.</summary>
/// <param name="Instrument"><inheritdoc cref="Family"/></param>
/// <param name="Unit"><inheritdoc cref="Family"/></param>
/// <param name="Help"><inheritdoc cref="Family"/></param>
/// <param name="Whole">Names and values of a series as whole numbers; null when <paramref name="Real"/> is set.</param>
/// <param name="Real">Names and values of a series as fractions; null when <paramref name="Whole"/> is set.</param>
internal sealed record FileFamily(
    string Instrument, string Unit, string Help, Func<SeriesSnapshot, IEnumerable<KeyValuePair<string, long>>>? Whole,
    Func<SeriesSnapshot, IEnumerable<KeyValuePair<string, double>>>? Real = null)
    : Family(Instrument, Unit, InstrumentKind.Gauge, Help)
{
    /// <summary>The files of a series that the family has values of.</summary>
    public IEnumerable<string> Files(SeriesSnapshot series) =>
        Whole?.Invoke(series).Select(static file => file.Key) ?? Real!(series).Select(static file => file.Key);
}

/// <summary>A family of the node or of the agent itself, with few series that hardly change.</summary>
/// <param name="Instrument"><inheritdoc cref="Family"/></param>
/// <param name="Unit"><inheritdoc cref="Family"/></param>
/// <param name="Kind"><inheritdoc cref="Family"/></param>
/// <param name="Help"><inheritdoc cref="Family"/></param>
/// <param name="Points">All series of a snapshot; nothing for what is unknown.</param>
internal sealed record NodeFamily(
    string Instrument, string Unit, InstrumentKind Kind, string Help, Func<View, IEnumerable<Point>> Points)
    : Family(Instrument, Unit, Kind, Help)
{
    /// <summary>True for families whose label sets come and go, with shm mounts or containers.</summary>
    public bool ComesAndGoes { get; init; }

    /// <summary>
    /// The most series of a family that does not come and go. The SDK keeps a place of about 100 bytes for each from the start.
    /// </summary>
    public int Places { get => Labels.Count == 0 ? 1 : field; init; } = 64;

    /// <summary>When a counter began; means nothing for a gauge.</summary>
    public CounterStart Since { get; init; }
}

/// <summary>A family that is observed while it happens; a snapshot cannot rebuild it.</summary>
internal sealed record HistogramFamily(string Instrument, string Help, params double[] Bounds)
    : Family(Instrument, "s", InstrumentKind.Histogram, Help);
