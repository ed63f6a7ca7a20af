using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>One label set in a snapshot: the numbers of a group, or of one process of it.</summary>
internal sealed record SeriesSnapshot
{
    private readonly SmapsRollup _rollup;
    private readonly int[] _unmeasured;

    /// <summary>Takes over sums that nobody changes any more.</summary>
    public SeriesSnapshot(SeriesLabels labels, in SmapsRollup rollup, int[] unmeasured)
    {
        Labels = labels;
        _rollup = rollup;
        _unmeasured = unmeasured;
    }

    /// <summary>The labels.</summary>
    public SeriesLabels Labels { get; }

    /// <summary>Processes in the group, zombies included.</summary>
    public required int Processes { get; init; }

    /// <summary>Processes whose rollup is in the sums.</summary>
    public required int Measured { get; init; }

    /// <summary>Resident bytes of all processes, from <c>stat</c>.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Bytes of address space of all processes.</summary>
    public required long VirtualBytes { get; init; }

    /// <summary>Major faults while members, never falling.</summary>
    public required long MajorFaults { get; init; }

    /// <summary>Minor faults while members, never falling.</summary>
    public required long MinorFaults { get; init; }

    /// <summary>Major faults in a second between the last two passes; null while there was none before.</summary>
    public double? MajorFaultsPerSecond { get; init; }

    /// <summary>Minor faults in a second between the last two passes; null while there was none before.</summary>
    public double? MinorFaultsPerSecond { get; init; }

    /// <summary>The largest members, the largest first; <see cref="LargestMembers.Most"/> at most.</summary>
    public IReadOnlyList<MemberSnapshot> Largest { get; init; } = [];

    /// <summary>When the counters began at zero: when the group was first seen, or seen again after it was forgotten.</summary>
    public required DateTimeOffset CountedSince { get; init; }

    /// <summary>Why the group faults on disk much; null while it does not.</summary>
    public FaultCause? Cause { get; init; }

    /// <summary>What the page cache holds of the files of a storm; empty while there is none, or nothing is known.</summary>
    public IReadOnlyList<CachedFile> Caches { get; init; } = [];

    /// <summary>The systemd unit of all members; null when they have none or several.</summary>
    public string? Unit { get; init; }

    /// <summary>The container of all members; null when they have none or several.</summary>
    public string? ContainerId { get; init; }

    /// <summary>What the members map; null when no member's mappings were read.</summary>
    public GroupAnatomy? Anatomy { get; init; }

    /// <summary>Start of the oldest process in seconds since 1970; null where the boot time is unknown.</summary>
    public required double? OldestStartTime { get; init; }

    /// <summary>When the oldest rollup in the sums was read, as a timestamp of the clock; meaningless while none is.</summary>
    public required long OldestRollupAt { get; init; }

    /// <summary>Sum of a rollup field over the measured processes, in bytes; null when none is measured or the kernel has no such field.</summary>
    public long? Rollup(RollupField field) => Measured > 0 ? _rollup[field] : null;

    /// <summary>Sum of proportional set sizes; null as for <see cref="Rollup"/>.</summary>
    public long? Pss => Rollup(RollupField.Pss);

    /// <summary>Sum of swapped out bytes; null as for <see cref="Rollup"/>.</summary>
    public long? Swap => Rollup(RollupField.Swap);

    /// <summary>Sum of private clean and private dirty bytes; null as for <see cref="Rollup"/>.</summary>
    public long? Uss => Measured > 0 ? _rollup.Uss : null;

    /// <summary>How many processes are not measured for this reason.</summary>
    public int Unmeasured(Unmeasured reason) => _unmeasured[(int)reason];
}
