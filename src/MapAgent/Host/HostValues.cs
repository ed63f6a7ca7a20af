namespace MapAgent.Host;

/// <summary>The node as a whole. Counters are since boot; null where the kernel did not say.</summary>
internal sealed record HostValues
{
    /// <summary>Faults that waited for a disk.</summary>
    public long? MajorFaults { get; init; }

    /// <summary>All other faults.</summary>
    public long? MinorFaults { get; init; }

    /// <summary>Anonymous pages read back soon after eviction.</summary>
    public long? RefaultsAnon { get; init; }

    /// <summary>File pages read back soon after eviction.</summary>
    public long? RefaultsFile { get; init; }

    /// <summary>Bytes read from swap.</summary>
    public long? SwapInBytes { get; init; }

    /// <summary>Bytes written to swap.</summary>
    public long? SwapOutBytes { get; init; }

    /// <summary>Bytes of tmpfs, System V, memfd and shared anonymous memory together.</summary>
    public long? ShmemBytes { get; init; }

    /// <summary>Bytes the kernel manages.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Bytes that programs can still get without swapping, by the kernel's estimate.</summary>
    public long? AvailableBytes { get; init; }

    /// <summary>Two seconds' windows in which some task waited long for memory, counted by this agent.</summary>
    public long? SomeStalls { get; init; }

    /// <summary>Two seconds' windows in which all tasks waited long for memory at once, counted by this agent.</summary>
    public long? FullStalls { get; init; }

    /// <summary>Seconds in which some task waited for memory.</summary>
    public double? PressureSomeSeconds { get; init; }

    /// <summary>Seconds in which all tasks waited for memory.</summary>
    public double? PressureFullSeconds { get; init; }
}
