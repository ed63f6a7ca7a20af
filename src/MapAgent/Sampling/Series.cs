using System;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>The sums and counters of one label set, filled anew in every pass; only the counters live on.</summary>
internal sealed class Series(SeriesLabels labels)
{
    private readonly int[] _unmeasured = new int[UnmeasuredReasons.Labels.Length];
    private SmapsRollup _rollup;
    private int _processes;
    private int _measured;
    private long _residentBytes;
    private long _virtualBytes;
    private ulong _oldestStart;
    private long _oldestRollup;
    private long _major;
    private long _majorOfYoung;
    private long? _swap;

    /// <summary>The labels.</summary>
    public SeriesLabels Labels { get; } = labels;

    /// <summary>Processes that point here; kept by <see cref="GroupTable"/>.</summary>
    public int Members { get; set; }

    /// <summary>When the last member left, as a timestamp of the clock.</summary>
    public long DormantSince { get; set; }

    /// <summary>Major faults of all members while they were members. Never falls.</summary>
    public long MajorFaults { get; private set; }

    /// <summary>Minor faults of all members while they were members. Never falls.</summary>
    public long MinorFaults { get; private set; }

    /// <summary>Adds faults of a member since the pass before.</summary>
    /// <param name="major">Major faults; less than 0 counts as none.</param>
    /// <param name="minor">Minor faults; less than 0 counts as none.</param>
    /// <param name="isYoung">Whether the member has just been started.</param>
    public void AddFaults(long major, long minor, bool isYoung)
    {
        MajorFaults += Math.Max(0, major);
        MinorFaults += Math.Max(0, minor);
        _major += Math.Max(0, major);
        _majorOfYoung += isYoung ? Math.Max(0, major) : 0;
    }

    /// <summary>Forgets the sums of the last pass.</summary>
    public void Clear()
    {
        _rollup = default;
        _processes = 0;
        _measured = 0;
        _residentBytes = 0;
        _virtualBytes = 0;
        _oldestStart = ulong.MaxValue;
        _oldestRollup = long.MaxValue;
        _unmeasured.AsSpan().Clear();
    }

    /// <summary>Adds one process to the sums.</summary>
    public void Add(ProcessRecord process)
    {
        _processes++;
        _residentBytes = Sum(_residentBytes, process.ResidentBytes);
        _virtualBytes = Sum(_virtualBytes, process.VirtualBytes);
        _oldestStart = Math.Min(_oldestStart, process.Id.StartTicks);
        if (process.HasRollup)
        {
            _measured++;
            _rollup.Add(process.Rollup);
            _oldestRollup = Math.Min(_oldestRollup, process.RollupAt);
        }
        else
        {
            _unmeasured[(int)process.Why]++;
        }
    }

    // Saturates: sums over a root that is no procfs must not turn negative.
    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>The sums as they are now; what was counted since the pass before begins anew.</summary>
    /// <param name="facts">Tell when a tick was.</param>
    /// <param name="node">What the node counted since the pass before, without what is of the group; null in the first pass.</param>
    public SeriesSnapshot Snapshot(SystemFacts facts, FaultEvidence? node)
    {
        FaultCause? cause = node is { } evidence
            ? FaultCauses.Of(evidence with { MajorFaults = _major, MajorFaultsOfYoung = _majorOfYoung, SwapBytes = _swap })
            : null;
        _major = 0;
        _majorOfYoung = 0;
        _swap = _measured > 0 ? _rollup[RollupField.Swap] : null;
        return Snapshot(facts, cause);
    }

    private SeriesSnapshot Snapshot(SystemFacts facts, FaultCause? cause) => new(Labels, _rollup, [.. _unmeasured])
    {
        Cause = cause,
        Processes = _processes,
        Measured = _measured,
        ResidentBytes = _residentBytes,
        VirtualBytes = _virtualBytes,
        MajorFaults = MajorFaults,
        MinorFaults = MinorFaults,
        OldestStartTime = facts.StartTime(_oldestStart),
        OldestRollupAt = _oldestRollup,
    };
}
