using System;
using MapAgent.Export.Otlp;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>What one scrape looks at: one snapshot, taken once, and the moment of the scrape.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Now">Timestamp of the clock, to which ages are counted.</param>
/// <param name="Clock">Turns timestamps into spans.</param>
internal sealed record View(Snapshot Snapshot, long Now, TimeProvider Clock)
{
    /// <summary>What the server counts; null where nothing is served.</summary>
    public WebCounts? Web { get; init; }
    /// <summary>How exports by OTLP ended; null when there were none to be.</summary>
    public OtlpCounts? Otlp { get; init; }

    /// <summary>Seconds since a timestamp.</summary>
    public double SecondsSince(long timestamp) => Math.Max(0, Clock.GetElapsedTime(timestamp, Now).TotalSeconds);
}
