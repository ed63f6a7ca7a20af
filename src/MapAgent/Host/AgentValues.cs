namespace MapAgent.Host;

/// <summary>The agent's own process, as <c>process_*</c> families of every exporter show it; null where unknown.</summary>
internal sealed record AgentValues
{
    /// <summary>CPU seconds, user and system.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Resident bytes.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>Bytes of address space.</summary>
    public long? VirtualBytes { get; init; }

    /// <summary>Open descriptors.</summary>
    public long? OpenDescriptors { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? StartTime { get; init; }
}
