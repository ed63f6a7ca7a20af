using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>Shared memory in a snapshot.</summary>
internal sealed record ShmValues
{
    /// <summary>Nothing was looked at.</summary>
    public static readonly ShmValues None = new();

    /// <summary>The shm mounts of the node, each once, by label.</summary>
    public IReadOnlyList<ShmMountValues> Mounts { get; init; } = [];

    /// <summary>System V shared memory; null when it cannot be read.</summary>
    public SysvValues? Sysv { get; init; }

    /// <summary>Bytes of Shmem that no tmpfs, System V segment or memfd explains; null when not all could be looked into.</summary>
    public long? UnaccountedBytes { get; init; }

    /// <summary>Processes whose mount namespace is unknown for want of rights.</summary>
    public int Unseen { get; init; }

    /// <summary>How often a bound on shm bit since the start.</summary>
    public long Truncations { get; init; }

    /// <summary>CPU seconds of looking for users since the start.</summary>
    public double CpuSeconds { get; init; }
}

/// <summary>One shm mount. Null where unknown.</summary>
internal sealed record ShmMountValues
{
    /// <summary>The label <c>mount</c>.</summary>
    public required string Mount { get; init; }

    /// <summary>The filesystem instance.</summary>
    public Device Device { get; init; }

    /// <summary>Kubernetes namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Kubernetes pod.</summary>
    public string? Pod { get; init; }

    /// <summary>Container name.</summary>
    public string? Container { get; init; }

    /// <summary>Uid of the Kubernetes pod.</summary>
    public string? PodUid { get; init; }

    /// <summary>Ids of the containers that have it.</summary>
    public IReadOnlyList<string> ContainerIds { get; init; } = [];

    /// <summary>Numbers of the mount namespaces that have it at one of the asked paths.</summary>
    public IReadOnlyList<ulong> Spaces { get; init; } = [];

    /// <summary>True when the node's own is one of them.</summary>
    public bool IsHome { get; init; }

    /// <summary>Bytes it may grow to; null without limit.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Bytes in use, those in swap included; null without limit, as the kernel does not count then.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>The most that was seen in use since the pass before.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Files it may hold.</summary>
    public long? Inodes { get; init; }

    /// <summary>Files it holds, unlinked ones and directories included, its root left out.</summary>
    public long? InodesUsed { get; init; }

    /// <summary>Segments with a name; null when not all could be listed.</summary>
    public long? Segments { get; init; }

    /// <summary>Bytes in use by no name.</summary>
    public long? UnlinkedBytes { get; init; }

    /// <summary>Bytes of old segments without a user; null when not every process could be looked into.</summary>
    public long? UnreferencedBytes { get; init; }

    /// <summary>How many they are.</summary>
    public long? UnreferencedSegments { get; init; }

    /// <summary>Bytes by family; empty when not all could be listed.</summary>
    public IReadOnlyList<FamilyBytes> Families { get; init; } = [];

    /// <summary>The largest segments.</summary>
    public IReadOnlyList<Segment> Largest { get; init; } = [];

    /// <summary>Some of the processes through which it was reached.</summary>
    public IReadOnlyList<int> Pids { get; init; } = [];
}

/// <summary>System V shared memory of the IPC namespaces that could be entered.</summary>
/// <param name="Bytes">In memory and in swap.</param>
/// <param name="Segments">How many segments.</param>
/// <param name="UnattachedBytes">Of these, bytes of segments that no process has attached.</param>
/// <param name="ResidentBytes">In memory alone: the part of Shmem.</param>
internal sealed record SysvValues(long Bytes, int Segments, long UnattachedBytes, long ResidentBytes);
