using System;
using System.Collections.Generic;
using MapAgent.Host;
using MapAgent.Procfs;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>The immutable result of a pass; all that any export ever reads.</summary>
internal sealed record Snapshot
{
    /// <summary>What the memory cgroups of containers say; empty without containers, or without a cgroup filesystem.</summary>
    public IReadOnlyList<ContainerMemory> Containers { get; init; } = [];

    /// <summary>When the pass ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The same moment as a timestamp of the clock.</summary>
    public required long Timestamp { get; init; }

    /// <summary>One per label set, ordered by group and then as they came.</summary>
    public required IReadOnlyList<SeriesSnapshot> Series { get; init; }

    /// <summary>When the node was booted, in seconds since 1970; null where unknown.</summary>
    public long? BootTime { get; init; }

    /// <summary>The node as a whole.</summary>
    public required HostValues Host { get; init; }

    /// <summary>Shared memory.</summary>
    public ShmValues Shm { get; init; } = ShmValues.None;

    /// <summary>Whose the processes are.</summary>
    public IdentityValues Identity { get; init; } = IdentityValues.None;

    /// <summary>The agent itself.</summary>
    public required AgentValues Agent { get; init; }

    /// <summary>Reads since the start.</summary>
    public required ReadLedger Reads { get; init; }

    /// <summary>Bounds that bit since the start.</summary>
    public required Truncations Truncations { get; init; }

    /// <summary>Wall time of the pass.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>CPU seconds of all passes since the start.</summary>
    public required double PassCpuSeconds { get; init; }

    /// <summary>CPU seconds of all rollup reads since the start, a part of <see cref="PassCpuSeconds"/>.</summary>
    public required double RollupCpuSeconds { get; init; }

    /// <summary>How many mappings a process may have; null while none was read, or where unknown.</summary>
    public long? MappingsLimit { get; init; }

    /// <summary>CPU seconds of all other deep reads since the start, a part of <see cref="PassCpuSeconds"/>.</summary>
    public double DeepCpuSeconds { get; init; }

    /// <summary>Passes since the start, this one included.</summary>
    public required long Passes { get; init; }

    /// <summary>Passes left out since the start because the one before had not ended.</summary>
    public required long SkippedPasses { get; init; }

    /// <summary>What the pass obeyed.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Processes on the node that are no kernel threads.</summary>
    public required int Processes { get; init; }

    /// <summary>Processes that no rule matched.</summary>
    public required int Unmatched { get; init; }

    /// <summary>Processes that are read rarely, because a read would hold their lock for long.</summary>
    public required IReadOnlyList<Giant> Giants { get; init; }

    /// <summary>False after a reload was refused, until one succeeds.</summary>
    public required bool ReloadSucceeded { get; init; }

    /// <summary>When the configuration in force was taken over.</summary>
    public required DateTimeOffset ConfiguredAt { get; init; }
}
