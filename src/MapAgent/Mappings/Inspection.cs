using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>What a read cost the agent.</summary>
/// <param name="Wall">From its beginning to its end.</param>
/// <param name="Cpu">Of the thread that read, the kernel's part included.</param>
internal readonly record struct ReadCost(TimeSpan Wall, TimeSpan Cpu)
{
    /// <summary>The cost of two reads.</summary>
    public ReadCost Plus(ReadCost other) => new(Wall + other.Wall, Cpu + other.Cpu);
}

/// <summary>Faults over a span of time.</summary>
/// <param name="Seconds">How long the span was.</param>
/// <param name="Major">Major faults in it.</param>
/// <param name="Minor">Minor faults in it.</param>
internal readonly record struct FaultSpan(double Seconds, long Major, long Minor)
{
    /// <summary>Major faults in a second.</summary>
    public double MajorPerSecond => Major / Seconds;

    /// <summary>Minor faults in a second.</summary>
    public double MinorPerSecond => Minor / Seconds;
}

/// <summary>All that is told of one process. Null is what is not known.</summary>
internal sealed record Inspection
{
    /// <summary>Who it is.</summary>
    public required ProcessId Id { get; init; }

    /// <summary>Its name, any text at all.</summary>
    public required string Comm { get; init; }

    /// <summary>Its arguments, any text at all.</summary>
    public string[] Cmdline { get; init; } = [];

    /// <summary>Its effective user.</summary>
    public uint? Uid { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? StartTime { get; init; }

    /// <summary>Kernel threads have no memory of their own.</summary>
    public bool IsKernelThread { get; init; }

    /// <summary>False for what has ended and waits for its parent, and for kernel threads.</summary>
    public bool HasAddressSpace { get; init; }

    /// <summary>Major faults since its start, those of ended threads included.</summary>
    public long MajorFaults { get; init; }

    /// <summary>Minor faults since its start.</summary>
    public long MinorFaults { get; init; }

    /// <summary>Faults of the last moments.</summary>
    public FaultSpan? Faults { get; init; }

    /// <summary>Pages that the node read back soon after their eviction in the same moments; null where the kernel does not say.</summary>
    public long? NodeRefaults { get; init; }

    /// <summary>Pages that the node read from swap in the same moments; null where the kernel does not say.</summary>
    public long? NodeSwapIns { get; init; }

    /// <summary>Faults since its start.</summary>
    public FaultSpan? FaultsSinceStart { get; init; }

    /// <summary>The kernel's own sums.</summary>
    public SmapsRollup? Rollup { get; init; }

    /// <summary>What is mapped.</summary>
    public Anatomy? Anatomy { get; init; }

    /// <summary>What the page cache holds of the files of <see cref="Anatomy"/>, in their order; null where it is not told.</summary>
    public IReadOnlyList<CacheStat?> Caches { get; init; } = [];

    /// <summary>Bytes of a page.</summary>
    public required long PageSize { get; init; }

    /// <summary>True when something was not read because it would have held the process, or the reader, for too long.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>vm.max_map_count.</summary>
    public long? MappingsLimit { get; init; }

    /// <summary>Its limits on memory.</summary>
    public ProcessLimits? Limits { get; init; }

    /// <summary>What reading the rollup cost.</summary>
    public ReadCost? RollupCost { get; init; }

    /// <summary>What the deep read cost.</summary>
    public ReadCost? AnatomyCost { get; init; }
}
