using System;

namespace MapAgent.Sampling;

/// <summary>Where durations go while they are measured; histograms cannot be rebuilt from a snapshot.</summary>
/// <param name="RollupRead">Wall seconds of one read of smaps_rollup.</param>
/// <param name="Pass">Wall seconds of one pass.</param>
internal sealed record PassTimes(Action<double> RollupRead, Action<double> Pass)
{
    /// <summary>For commands that show no histograms.</summary>
    public static PassTimes None { get; } = new(static _ => { }, static _ => { });
}
