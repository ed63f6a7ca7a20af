using System;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Identity;

/// <summary>What the file <c>cgroup</c> of a process says by itself. Null is what it does not say.</summary>
internal sealed record CgroupFacts
{
    private const int LongestRuntime = 32;

    /// <summary>Nothing, as of a process whose file could not be read.</summary>
    public static readonly CgroupFacts None = new() { IsKnownForm = true };

    /// <summary>The systemd unit.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit of a user's own systemd.</summary>
    public string? UserUnit { get; init; }

    /// <summary>The container's whole id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Where the container is in the hierarchy that accounts for memory, as the kernel shows it to this agent.</summary>
    public string? MemoryPath { get; init; }

    /// <summary>The runtime by its own name: docker, containerd, cri-o, podman, or what stands before the id.</summary>
    public string? Runtime { get; init; }

    /// <summary>The pod's uid as Kubernetes writes it; 32 digits without dashes for static pods.</summary>
    public string? PodUid { get; init; }

    /// <summary>The pod's class.</summary>
    public QosClass Qos { get; init; }

    /// <summary>False when the path is of no known form.</summary>
    public bool IsKnownForm { get; init; }

    /// <summary>As people know a container: the first twelve digits; of ECS the whole id.</summary>
    public string? ShortContainerId => ContainerId is { Length: 64 } id ? id[..12] : ContainerId;

    /// <summary>Reads the file, cgroups(7): <c>0::/system.slice/ssh.service</c>, or one line for each hierarchy of v1.</summary>
    /// <param name="text">Any bytes; lines that are not understood are left out.</param>
    public static CgroupFacts Parse(ReadOnlySpan<byte> text)
    {
        CgroupLines lines = CgroupLines.Parse(text);
        CgroupPath container = lines.Container;
        CgroupPath unit = lines.Unit;
        return new CgroupFacts
        {
            Unit = TextOf(unit.Unit),
            UserUnit = TextOf(unit.UserUnit),
            ContainerId = TextOf(container.ContainerId),
            MemoryPath = lines.MemoryPath.IsEmpty ? null : Encoding.UTF8.GetString(lines.MemoryPath),
            Runtime = container.ContainerId.IsEmpty ? null : RuntimeOf(container.Runtime),
            PodUid = TextOf(container.PodUid)?.Replace('_', '-'),
            Qos = container.Qos,
            IsKnownForm = lines.IsKnownForm,
        };
    }

    /// <summary>Reads the file of a process.</summary>
    /// <returns>Null unless it could be read.</returns>
    public static CgroupFacts? Read(ProcReader reader, in ProcessDirectory directory) =>
        reader.Ledger.Record(ProcFile.Cgroup, reader.Read(directory, ProcFile.Cgroup, out ReadOnlySpan<byte> text)) == ReadOutcome.Ok ? Parse(text) : null;

    // What the parser lets through is ASCII.
    private static string? TextOf(ReadOnlySpan<byte> part) => part.IsEmpty ? null : Encoding.ASCII.GetString(part);

    private static string? RuntimeOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty || name.Length > LongestRuntime ? null
        : name.SequenceEqual("cri-containerd"u8) ? "containerd"
        : name.SequenceEqual("crio"u8) ? "cri-o"
        : name.SequenceEqual("libpod"u8) ? "podman"
        : TextOf(name);
}
