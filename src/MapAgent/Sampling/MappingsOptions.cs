using System;

namespace MapAgent.Sampling;

/// <summary>The section <c>mappings</c> of the configuration.</summary>
internal sealed class MappingsOptions
{
    /// <summary>From one deep read of a process to the next.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many of a group's largest files have a series of their own.</summary>
    public int Files { get; set; } = 10;
}
