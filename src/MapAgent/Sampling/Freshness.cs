using System;

namespace MapAgent.Sampling;

/// <summary>When a snapshot is too old to speak for the node. Probes and the watchdog judge by the same rule.</summary>
internal static class Freshness
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(5);

    /// <summary>True while no more than two passes have been missed.</summary>
    /// <param name="snapshot">The newest snapshot; null before the first.</param>
    /// <param name="clock">The clock of the sampler.</param>
    /// <param name="interval">The interval in force.</param>
    public static bool IsFresh(Snapshot? snapshot, TimeProvider clock, TimeSpan interval)
    {
        TimeSpan limit = interval * 3;
        return snapshot is not null && clock.GetElapsedTime(snapshot.Timestamp) <= (limit > s_least ? limit : s_least);
    }
}
