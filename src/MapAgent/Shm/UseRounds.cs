using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>Rounds over all processes for who uses which segment, one after another, each spread over as many passes as its share of the budget needs.</summary>
internal sealed class UseRounds(ReferenceRound round, TimeProvider clock)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);
    private long _number;
    private long? _startedAt;
    private bool _running;
    private long _endedAt;
    private long? _objects;

    /// <summary>CPU nanoseconds since the start.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>Bytes of memfd and shared anonymous memory by the last whole round; null when not all could be looked into.</summary>
    public long? ObjectBytes => clock.GetElapsedTime(_endedAt) < s_lifetime ? _objects : null;

    /// <summary>Resident shared memory of processes that the last whole round could not look into.</summary>
    public long HiddenBytes { get; private set; }

    /// <summary>Looks into processes for as long as the CPU time lasts.</summary>
    public void Go(List<ShmMember> members, IReadOnlyCollection<ShmMount> mounts, ShmOptions options, long cpu)
    {
        if (cpu <= 0 || (!_running && _startedAt is { } at && clock.GetElapsedTime(at) < options.RoundInterval))
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
        foreach (ShmMember member in members)
        {
            if (member.Round == _number)
            {
                continue;
            }

            if (ThreadClock.Nanoseconds() - from > cpu)
            {
                finished = false;
                break;
            }

            member.Round = _number;
            round.Look(member);
        }

        if (finished)
        {
            End(members, mounts);
        }

        CpuNanoseconds += ThreadClock.Nanoseconds() - from;
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
        _endedAt = clock.GetTimestamp();
        // A process whose namespace is unknown may share any mount.
        bool isKnown = !round.Opaque.Contains(0) && members.TrueForAll(static member => member.MountNamespace != 0);
        _objects = round.Objects.Total();
        HiddenBytes = round.HiddenBytes;
        foreach (ShmMount mount in mounts)
        {
            if (round.Users(mount.Identity.Device) is { } users && mount.Listing is { } listing)
            {
                bool shared = mount.Spaces.Any(round.Opaque.Contains);
                mount.Uses.Take(listing.Segments, users, isKnown && !shared && listing.IsWhole, _endedAt);
            }
        }
    }
}
