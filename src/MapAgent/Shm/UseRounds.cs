using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>Rounds over all processes for who uses which segment, one after another, each spread over as many passes as its share of the budget needs.</summary>
internal sealed class UseRounds(ReferenceRound round, TimeProvider clock)
{
    // A round reads maps and descriptors of all processes, which costs as much as all their rollups: without a reason, seldom.
    private static readonly TimeSpan s_seldom = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_often = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);
    private long _number;
    private long? _startedAt;
    private bool _running;
    private long _endedAt;
    private long? _objects;
    private IReadOnlyDictionary<ulong, long> _sysv = new Dictionary<ulong, long>();

    /// <summary>What a round has found is not shown for longer.</summary>
    public static TimeSpan Lifetime { get; } = s_seldom * 2;

    /// <summary>CPU nanoseconds since the start.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>How many rounds have come to their end.</summary>
    public long Finished { get; private set; }

    /// <summary>Bytes of memfd and shared anonymous memory by the last whole round; null when not all could be looked into.</summary>
    public long? ObjectBytes => clock.GetElapsedTime(_endedAt) < Lifetime ? _objects : null;

    /// <summary>Resident shared memory of processes that the last whole round could not look into.</summary>
    public long HiddenBytes { get; private set; }

    /// <summary>Bytes of address space that map System V segments outside of an IPC namespace, each segment once: the most that they can be.</summary>
    public long SysvOutside(ulong own) => _sysv.Where(space => space.Key != own).Sum(static space => space.Value);

    /// <summary>Looks into processes for as long as the CPU time lasts.</summary>
    /// <param name="members">All living processes.</param>
    /// <param name="mounts">All shm mounts.</param>
    /// <param name="options">Say when a segment is old.</param>
    /// <param name="moved">True when memory that nobody has explained has come or gone since the last round.</param>
    /// <param name="cpu">CPU nanoseconds.</param>
    public void Go(List<ShmMember> members, IReadOnlyCollection<ShmMount> mounts, ShmOptions options, bool moved, long cpu)
    {
        if (cpu <= 0 || (!_running && _startedAt is { } at && clock.GetElapsedTime(at) < Interval(mounts, options, moved)))
        {
            return;
        }

        long from = ThreadClock.Nanoseconds();
        if (!_running)
        {
            Begin(mounts);
        }

        // The clock of the thread is asked after each process: one of many mappings may take a millisecond.
        bool finished = true;
        bool looked = false;
        foreach (ShmMember member in members)
        {
            if (member.Round == _number)
            {
                continue;
            }

            if (looked && ThreadClock.Nanoseconds() - from > cpu)
            {
                finished = false;
                break;
            }

            member.Round = _number;
            looked = true;
            round.Look(member);
        }

        if (finished)
        {
            End(members, mounts);
        }

        CpuNanoseconds += ThreadClock.Nanoseconds() - from;
    }

    private TimeSpan Interval(IReadOnlyCollection<ShmMount> mounts, ShmOptions options, bool moved)
    {
        TimeSpan after = options.UnreferencedAfter;
        if (moved)
        {
            return after < s_soon ? after : s_soon;
        }

        long old = (clock.GetUtcNow() - after).ToUnixTimeSeconds();
        bool asked = mounts.Any(mount => mount.Listing is { IsWhole: true } listing
            && listing.Segments.Exists(segment => segment.ChangedAt <= old && !segment.Family.IsIdleByDesign));
        return !asked ? s_seldom : after / 2 < s_often ? after / 2 : s_often;
    }

    private void Begin(IReadOnlyCollection<ShmMount> mounts)
    {
        _running = true;
        _number++;
        _startedAt = clock.GetTimestamp();
        round.Begin(mounts);
    }

    private void End(List<ShmMember> members, IReadOnlyCollection<ShmMount> mounts)
    {
        _running = false;
        Finished++;
        _endedAt = clock.GetTimestamp();
        // A process whose namespace is unknown may share any mount.
        bool isKnown = !round.Opaque.Contains(0) && members.TrueForAll(static member => member.MountNamespace != 0);
        _objects = round.Objects.Total();
        HiddenBytes = round.HiddenBytes;
        _sysv = round.SysvBytes();
        foreach (ShmMount mount in mounts)
        {
            if (round.Users(mount.Identity.Device) is { } users && mount.Listing is { } listing)
            {
                bool shared = mount.Spaces.Any(round.Opaque.Contains);
                mount.Uses.Take(listing.Segments, users, isKnown && !shared && listing.IsWhole, _startedAt!.Value);
            }
        }
    }
}
