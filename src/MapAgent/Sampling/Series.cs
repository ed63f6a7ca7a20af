using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Identity;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>The sums and counters of one label set, filled anew in every pass; only the counters live on.</summary>
/// <param name="labels">The labels.</param>
/// <param name="since">When its counters began.</param>
internal sealed class Series(SeriesLabels labels, DateTimeOffset since)
{
    // No path of a mapped file is without a slash.
    private const string Other = "other";

    private readonly int[] _unmeasured = new int[UnmeasuredReasons.Labels.Length];
    private SmapsRollup _rollup;
    private int _processes;
    private int _measured;
    private long _residentBytes;
    private long _virtualBytes;
    private ulong _oldestStart;
    private long _oldestRollup;
    private long _major;
    private long _minor;
    private long _majorOfYoung;
    private long? _swap;
    private bool _counted;
    private readonly AnatomySum _anatomy = new();
    private readonly LargestMembers _largest = new();
    private string? _unit;
    private string? _containerId;
    private bool _isOneUnit;
    private bool _isOneContainer;

    /// <summary>The labels.</summary>
    public SeriesLabels Labels { get; } = labels;

    /// <summary>Processes that point here; kept by <see cref="GroupTable"/>.</summary>
    public int Members { get; set; }

    /// <summary>Resident bytes of all members by the last sum.</summary>
    public long ResidentBytes => _residentBytes;

    /// <summary>When the last member left, as a timestamp of the clock.</summary>
    public long DormantSince { get; set; }

    /// <summary>Why the group faulted on disk much in the last pass; null while it did not.</summary>
    public FaultCause? Cause { get; private set; }

    /// <summary>What the page cache holds of the files of a storm, as far as it was asked for.</summary>
    public IReadOnlyList<CachedFile> Caches { get; set; } = [];

    /// <summary>Major faults of all members while they were members. Never falls.</summary>
    public long MajorFaults { get; private set; }

    /// <summary>Minor faults of all members while they were members. Never falls.</summary>
    public long MinorFaults { get; private set; }

    /// <summary>Adds faults of a member since the pass before.</summary>
    /// <param name="faults">Of the member, just taken.</param>
    /// <param name="isYoung">Whether the member has just been started.</param>
    public void AddFaults(in FaultCounters faults, bool isYoung)
    {
        MajorFaults += faults.MajorSince;
        MinorFaults += faults.MinorSince;
        _major += faults.MajorSince;
        _minor += faults.MinorSince;
        _majorOfYoung += isYoung ? faults.MajorSince : 0;
        _counted = true;
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
        _unit = null;
        _containerId = null;
        _isOneUnit = true;
        _isOneContainer = true;
        _unmeasured.AsSpan().Clear();
        _largest.Clear();
        if (_anatomy.Members > 0)
        {
            _anatomy.Clear();
        }
    }

    /// <summary>Adds one process to the sums.</summary>
    public void Add(ProcessRecord process)
    {
        CgroupFacts cgroup = process.Cgroup.Identity.Cgroup;
        _isOneUnit &= _processes == 0 || _unit == (cgroup.UserUnit ?? cgroup.Unit);
        _isOneContainer &= _processes == 0 || _containerId == cgroup.ContainerId;
        _unit = cgroup.UserUnit ?? cgroup.Unit;
        _containerId = cgroup.ContainerId;
        _processes++;
        _residentBytes = Sum(_residentBytes, process.ResidentBytes);
        _virtualBytes = Sum(_virtualBytes, process.VirtualBytes);
        _oldestStart = Math.Min(_oldestStart, process.Id.StartTicks);
        _largest.Add(process);
        if (process.Deep.Anatomy is { } anatomy)
        {
            _anatomy.Add(anatomy);
        }

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
    /// <param name="setup">Says how many files have a series of their own, and how long their names may be.</param>
    public SeriesSnapshot Snapshot(SystemFacts facts, FaultEvidence? node, PassSetup setup)
    {
        bool? hint = _anatomy.Members > 0 ? _anatomy.Sums[Advice.Random] > 0 : null;
        Cause = node is { } evidence
            ? FaultCauses.Of(evidence with { MajorFaults = _major, MajorFaultsOfYoung = _majorOfYoung, SwapBytes = _swap, HasRandomHint = hint })
            : null;
        _swap = _measured > 0 ? _rollup[RollupField.Swap] : null;
        Caches = Cause is null ? [] : Caches;
        // A group that has just come has no rate: nobody was there to be counted.
        SeriesSnapshot snapshot = Snapshot(facts, setup, _counted && node?.Seconds is > 0 and { } seconds ? 1 / seconds : null);
        _major = 0;
        _minor = 0;
        _majorOfYoung = 0;
        _counted = false;
        return snapshot;
    }

    /// <summary>The value of the label <c>file</c>: the end of a path tells more than its beginning.</summary>
    public static string FileLabel(string path, int length) => path.Length > length ? path[^length..] : path;

    private GroupAnatomy? Anatomy(int files, int length)
    {
        if (_anatomy.Members == 0)
        {
            return null;
        }

        List<KeyValuePair<string, FileBytes>> largest = [];
        FileBytes others = _anatomy.TakeLargest(files, largest);
        // What looks alike when it is cut is one.
        List<KeyValuePair<string, long>> named = [.. largest.GroupBy(file => FileLabel(file.Key, length))
            .Select(static file => KeyValuePair.Create(file.Key, file.Sum(static one => one.Value.Pss)))];
        if (others.Pss > 0)
        {
            named.Add(KeyValuePair.Create(Other, others.Pss));
        }

        return new GroupAnatomy(_anatomy.Sums, _anatomy.Members, _anatomy.MostMappings, _anatomy.AddressSpaceUsed, _anatomy.DeletedPrograms, named);
    }

    private SeriesSnapshot Snapshot(SystemFacts facts, PassSetup setup, double? perSecond) => new(Labels, _rollup, [.. _unmeasured])
    {
        CountedSince = since,
        Cause = Cause,
        Caches = Caches,
        Unit = _isOneUnit ? _unit : null,
        ContainerId = _isOneContainer ? _containerId : null,
        Anatomy = Anatomy(setup.Mappings.Files, setup.Limits.LabelLength),
        Processes = _processes,
        Measured = _measured,
        ResidentBytes = _residentBytes,
        VirtualBytes = _virtualBytes,
        MajorFaults = MajorFaults,
        MinorFaults = MinorFaults,
        OldestStartTime = facts.StartTime(_oldestStart),
        OldestRollupAt = _oldestRollup,
        MajorFaultsPerSecond = _major * perSecond,
        MinorFaultsPerSecond = _minor * perSecond,
        Largest = _largest.Take(),
    };
}
