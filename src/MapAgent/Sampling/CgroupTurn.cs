using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Host;
using MapAgent.Identity;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>
/// The part of a pass that reads <c>memory.stat</c> of containers: the one read longest ago first, for a sixteenth of the budget's
/// income, because the kernel adds up the counts of all processors for each.
/// </summary>
internal sealed class CgroupTurn(CgroupMemoryReading reading, TimeProvider clock)
{
    private const int Share = 4;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly List<Known> _due = [];

    /// <summary>Reads those that are due.</summary>
    /// <param name="processes">All of the pass.</param>
    /// <param name="setup">How long a value lives, and what a container without a name is called.</param>
    /// <param name="rollups">Keeps the books of the budget.</param>
    /// <returns>Those of which something is known and fresh.</returns>
    public IReadOnlyList<ContainerMemory> Read(IReadOnlyCollection<ProcessRecord> processes, PassSetup setup, RollupReading rollups)
    {
        if (!reading.IsOpen)
        {
            return [];
        }

        Find(processes);
        long now = clock.GetTimestamp();
        _due.Clear();
        _due.AddRange(_known.Values);
        _due.Sort(static (one, other) => one.At.CompareTo(other.At));
        long share = rollups.OtherShare / Share;
        long from = ThreadClock.Nanoseconds();
        long spent = 0;
        for (int i = 0; i < _due.Count && spent < share; i++)
        {
            Known one = _due[i];
            one.At = now;
            one.Outcome = reading.Read(one.Path, out one.Memory);
            spent = ThreadClock.Nanoseconds() - from;
        }

        rollups.Spend(spent);
        bool showsIds = setup.ContainerId != ContainerIdLabel.None;
        return
        [
            .. _known.Values.Where(one => one.Outcome == ReadOutcome.Ok && clock.GetElapsedTime(one.At, now) <= setup.Sampling.MaxAge)
                .Select(one => (one.Identity, Name: Name(one.Identity, showsIds), one.Memory)).Where(static one => one.Name is not null)
                .GroupBy(static one => (one.Identity.Namespace, one.Identity.Pod, one.Name))
                .Select(static same => new ContainerMemory(same.Key.Namespace, same.Key.Pod, same.Key.Name!, same.Select(static one => one.Memory).Aggregate(Sum))),
        ];
    }

    // Beside its containers a pod has one that keeps it alive, which no list names.
    private static string? Name(ProcessIdentity identity, bool showsIds) =>
        identity.Container ?? (showsIds && identity.Pod is null ? identity.Cgroup.ShortContainerId : null);

    private static CgroupMemory Sum(CgroupMemory a, CgroupMemory b) =>
        new(a.ShmemBytes + b.ShmemBytes, a.LimitBytes == b.LimitBytes ? a.LimitBytes : null, a.UsageBytes + b.UsageBytes, a.MajorFaults + b.MajorFaults, a.Refaults + b.Refaults);

    private void Find(IReadOnlyCollection<ProcessRecord> processes)
    {
        foreach (Known known in _known.Values)
        {
            known.IsSeen = false;
        }

        foreach (ProcessRecord process in processes)
        {
            ProcessIdentity identity = process.Cgroup.Identity;
            if (identity.Cgroup.MemoryPath is not { } path)
            {
                continue;
            }

            if (!_known.TryGetValue(path, out Known? known))
            {
                _known.Add(path, known = new Known(path) { At = long.MinValue });
            }

            known.Identity = identity;
            known.IsSeen = true;
        }

        foreach (KeyValuePair<string, Known> known in _known)
        {
            if (!known.Value.IsSeen)
            {
                _known.Remove(known.Key);
            }
        }
    }

    private sealed class Known(string path)
    {
        public readonly string Path = path;
        public ProcessIdentity Identity = ProcessIdentity.None;
        public CgroupMemory Memory;
        public ReadOutcome Outcome = ReadOutcome.Gone;
        public long At;
        public bool IsSeen;
    }
}
