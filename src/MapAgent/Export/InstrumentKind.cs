namespace MapAgent.Export;

/// <summary>What a family's numbers do.</summary>
internal enum InstrumentKind
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Never falls while its series lives.</summary>
    Counter,

    /// <summary>Counts of observations by size.</summary>
    Histogram,
}
