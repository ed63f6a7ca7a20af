using System;
using System.Collections.Generic;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>Which tmpfs instance: device numbers are used again, so the kernel's own number of the instance goes with it.</summary>
internal readonly record struct ShmIdentity(Device Device, ulong InstanceId);

/// <summary>One tmpfs instance and what is remembered of it. The peak is shared with the clock's thread, all else is the pass's.</summary>
internal sealed class ShmMount(ShmIdentity identity, byte[] path, bool isWhole, Lookup lookup)
{
    private long _peak;
    private int[] _pids = [];

    /// <summary>Which instance.</summary>
    public ShmIdentity Identity { get; } = identity;

    /// <summary>Where it is found inside the root of <see cref="Pids"/>.</summary>
    public byte[] Path { get; } = path;

    /// <summary>False when only a directory of the instance is mounted there: then names do not explain what is used.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>How far the lookup of the path may go.</summary>
    public Lookup Lookup { get; } = lookup;

    /// <summary>The value of the label <c>mount</c>.</summary>
    public string Label { get; set; } = "";

    /// <summary>Number of the pass that saw it last.</summary>
    public long SeenInPass { get; set; }

    /// <summary>Processes through whose root it can be reached. Replaced as a whole, as the clock's thread reads it.</summary>
    public ReadOnlySpan<int> Pids => Volatile.Read(ref _pids);

    /// <summary>The names in it, as far as they were read.</summary>
    public Listing? Listing { get; set; }

    /// <summary>When it was listed, as a timestamp of the clock.</summary>
    public long ListedAt { get; set; }

    /// <summary>Used bytes that no name explained when it was listed; null when that could not be said.</summary>
    public long? UnlinkedBytes { get; set; }

    /// <summary>What is known of who uses its segments.</summary>
    public SegmentUses Uses { get; } = new();

    /// <summary>Numbers of the mount namespaces in which the instance is mounted anywhere.</summary>
    public HashSet<ulong> Spaces { get; } = [];

    /// <summary>Numbers of the mount namespaces that have it at one of the asked paths.</summary>
    public List<ulong> Holders { get; } = [];

    /// <summary>Where it is mounted in any of them.</summary>
    public List<MountEntry> Points { get; } = [];

    /// <summary>Notes that so many bytes are used now. Called by both threads.</summary>
    public void Observe(long used)
    {
        long seen = Volatile.Read(ref _peak);
        while (used > seen)
        {
            long before = Interlocked.CompareExchange(ref _peak, used, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>The most that was observed since the last call; <paramref name="now"/> counts already.</summary>
    public long TakePeak(long now) => Math.Max(now, Interlocked.Exchange(ref _peak, now));

    /// <summary>Takes over the processes of a namespace that sees it, if it has none of them yet.</summary>
    public void Reach(ReadOnlySpan<int> pids)
    {
        if (!Pids.SequenceEqual(pids))
        {
            Volatile.Write(ref _pids, pids.ToArray());
        }
    }
}
