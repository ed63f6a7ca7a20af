using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Shm;

namespace MapAgent.Export;

/// <summary>The families of shared memory. Those of mounts carry <c>mount</c>, and <c>namespace</c>, <c>pod</c>, <c>container</c> where they are known.</summary>
internal static class ShmFamilies
{
    private static readonly string[] s_labels = ["mount"];

    /// <summary>The families of mounts, whose label sets come and go.</summary>
    public static NodeFamily[] Mounts { get; } =
    [
        Mount("mapagent.shm.size", "By", "What the shm mount may grow to; no series when it is not limited.", static m => m.SizeBytes),
        Mount("mapagent.shm.used", "By", "Bytes in use in the shm mount, those in swap and those of unlinked files included.", static m => m.UsedBytes),
        Mount("mapagent.shm.used_peak", "By", "The most that was seen in use since the pass before, looked at every shm.interval.", static m => m.PeakBytes),
        Mount("mapagent.shm.inodes", "", "Files the shm mount may hold; no series when they are not limited.", static m => m.Inodes),
        Mount("mapagent.shm.inodes_used", "", "Files in the shm mount, directories and unlinked files included.", static m => m.InodesUsed),
        Mount("mapagent.shm.segments", "", "Segments with a name; no series when not all names could be read.", static m => m.Segments),
        Mount("mapagent.shm.unlinked", "By", "Bytes in use by no name: deleted, but still mapped or open.", static m => m.UnlinkedBytes),
        Mount("mapagent.shm.unreferenced", "By",
            "Bytes of segments that nobody has changed, mapped or had open for shm.unreferenced_after; no series when a process that shares the mount could not be looked into.",
            static m => m.UnreferencedBytes),
        Mount("mapagent.shm.unreferenced_segments", "", "How many segments the unreferenced bytes are in.", static m => m.UnreferencedSegments),
        new("mapagent.shm.family", "By", InstrumentKind.Gauge, "Bytes of named segments by family of names; the families are listed in docs/shared-memory.md.",
            static v => v.Snapshot.Shm.Mounts.SelectMany(static mount =>
                mount.Families.Select(family => new Point(family.Bytes, [.. Labels(mount), new("family", family.Family)]))))
            { Labels = [.. s_labels, "family"], ComesAndGoes = true, IsOccasional = true },
    ];

    /// <summary>The families of the node.</summary>
    public static NodeFamily[] Node { get; } =
    [
        Sysv("mapagent.sysv_shm", "By", "System V shared memory in memory and in swap, of the IPC namespaces that the agent may enter.", static v => v.Bytes),
        Sysv("mapagent.sysv_shm.segments", "", "System V segments.", static v => v.Segments),
        Sysv("mapagent.sysv_shm.unattached", "By", "System V shared memory that no process has attached.", static v => v.UnattachedBytes),
        new("mapagent.host.shmem_unaccounted", "By", InstrumentKind.Gauge,
            "Shmem that no tmpfs, System V segment, memfd or shared anonymous memory explains, at least; no series when too little could be looked into.",
            static v => Point.Maybe(v.Snapshot.Shm.UnaccountedBytes)),
        new("mapagent.deep_read_cpu", "s", InstrumentKind.Counter, "CPU time of reading smaps, maps and descriptors, which the budget pays for beside rollups.",
            static v => Point.Maybe(v.Snapshot.DeepCpuSeconds)),
    ];

    /// <summary>The label sets of the widest of the mount families, as texts that differ when they do: a name may become known later.</summary>
    public static IEnumerable<string> LabelSets(ShmValues shm) =>
        shm.Mounts.SelectMany(static mount => mount.Families.Select(static family => family.Family).Append("")
            .Select(family => $"mount\n{mount.Mount}\n{mount.Namespace}\n{mount.Pod}\n{mount.Container}\n{family}"));

    private static NodeFamily Mount(string name, string unit, string help, Func<ShmMountValues, long?> value) =>
        new(name, unit, InstrumentKind.Gauge, help, view => view.Snapshot.Shm.Mounts
            .Where(mount => value(mount) is not null)
            .Select(mount => new Point(value(mount)!.Value, Labels(mount))))
        { Labels = s_labels, ComesAndGoes = true };

    private static NodeFamily Sysv(string name, string unit, string help, Func<SysvValues, long> value) =>
        new(name, unit, InstrumentKind.Gauge, help, view => Point.Maybe(view.Snapshot.Shm.Sysv is { } sysv ? value(sysv) : null));

    private static KeyValuePair<string, object?>[] Labels(ShmMountValues mount) =>
    [
        new("mount", mount.Mount),
        .. Point.Names(mount.Namespace, mount.Pod, mount.Container),
    ];
}
