using System;

namespace MapAgent.Sampling;

/// <summary>The section <c>sampling</c> of the configuration.</summary>
internal sealed class SamplingOptions
{
    /// <summary>From the start of one pass to the start of the next.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Share of one CPU for rollups and deep reads together; 0 reads none.</summary>
    public double CpuBudget { get; set; } = 0.01;

    /// <summary>A target predicted to take longer is read rarely.</summary>
    public TimeSpan MaxRead { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>No rollup older than this is shown as a value.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The same with another interval.</summary>
    public SamplingOptions Every(TimeSpan interval) => new() { Interval = interval, CpuBudget = CpuBudget, MaxRead = MaxRead, MaxAge = MaxAge };
}
