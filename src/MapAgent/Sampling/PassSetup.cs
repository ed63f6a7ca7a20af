using System;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>What a pass obeys; replaced as a whole by a reload.</summary>
/// <param name="Rules">Which processes, and whose.</param>
/// <param name="Sampling">When and how much.</param>
/// <param name="Limits">Bounds on groups and labels.</param>
/// <param name="Mappings">Deep reads.</param>
/// <param name="Shm">What is looked at of shared memory.</param>
internal sealed record PassSetup(RuleSet Rules, SamplingOptions Sampling, LimitOptions Limits, ShmOptions Shm, MappingsOptions Mappings)
{
    /// <summary>Which families carry the id of a container without a name.</summary>
    public ContainerIdLabel ContainerId { get; init; } = ContainerIdLabel.Shm;

    /// <summary>The same for a person who asks: everything selected is read at once, whatever it takes.</summary>
    public PassSetup Unbounded() => this with
    {
        Sampling = new SamplingOptions { Interval = Sampling.Interval, CpuBudget = 1_000_000, MaxRead = TimeSpan.FromDays(1), MaxAge = Sampling.MaxAge },
        Shm = Shm.Unbounded(),
    };

    /// <summary>What holds without a configuration file.</summary>
    public static PassSetup Default { get; } = new(RuleSet.Default, new SamplingOptions(), new LimitOptions(), new ShmOptions(), new MappingsOptions());
}
