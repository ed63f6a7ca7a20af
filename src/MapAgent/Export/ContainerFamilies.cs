using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Host;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>What the memory cgroups of containers say, with <c>container</c>, and <c>namespace</c> and <c>pod</c> where they are known.</summary>
internal static class ContainerFamilies
{
    /// <summary>The rows. Where there is no container, or no cgroup filesystem, they have no series.</summary>
    public static NodeFamily[] All { get; } =
    [
        Family("mapagent.cgroup_memory.shmem", "By", InstrumentKind.Gauge,
            "Shared memory that is charged to the container, which is who touched it first.", static memory => memory.ShmemBytes),
        Family("mapagent.cgroup_memory.limit", "By", InstrumentKind.Gauge,
            "The most memory the container may be charged; beyond it processes are killed. No series when it is not limited.", static memory => memory.LimitBytes),
        Family("mapagent.cgroup_memory.usage", "By", InstrumentKind.Gauge, "Memory that is charged to the container, page cache included.", static memory => memory.UsageBytes),
        Family("mapagent.cgroup_memory.major_faults", "", InstrumentKind.Counter, "Page faults of the container that waited for a disk.", static memory => memory.MajorFaults),
        Family("mapagent.cgroup_memory.refaults", "", InstrumentKind.Counter, "Pages of the container read back soon after they were evicted.", static memory => memory.Refaults),
    ];

    /// <summary>The label sets of a snapshot, as texts that differ when they do.</summary>
    public static IEnumerable<string> LabelSets(Snapshot snapshot) =>
        snapshot.Containers.Select(static one => $"container\n{one.Namespace}\n{one.Pod}\n{one.Container}");

    private static NodeFamily Family(string name, string unit, InstrumentKind kind, string help, Func<CgroupMemory, long?> value) =>
        new(name, unit, kind, help, view => view.Snapshot.Containers.Where(one => value(one.Memory) is not null)
            .Select(one => new Point(value(one.Memory)!.Value, Point.Names(one.Namespace, one.Pod, one.Container))))
        {
            ComesAndGoes = true,
            IsOccasional = true,
            // A cgroup counts for as long as it lives, and another one may go on under its container's name at any time.
            Since = CounterStart.Unknown,
        };
}
