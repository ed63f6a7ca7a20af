using System;
using System.Collections.Generic;

namespace MapAgent.Sampling;

/// <summary>
/// Whose rollup is read next. Those never measured, those that changed most, and those measured longest ago take turns, so that
/// a flood of one kind cannot starve the others. Targets that hold their lock for long (giants) come one a pass, rarely.
/// Deterministic: equal histories give equal turns.
/// </summary>
internal sealed class Turns
{
    // The weights are shares of the CPU time, not of the reads: one large process that changes all the time costs as much as a
    // hundred small ones that only want to be refreshed before their rollup is too old.
    private readonly Lane _unmeasured = new(4);
    private readonly Lane _old = new(3);
    private readonly Lane _changed = new(1);
    private readonly Lane[] _lanes;
    private readonly List<ProcessRecord> _giants = [];
    private long _now;
    private long _maxRead;
    private long _maxAge;
    private long _shownFor;
    private long _reached;
    private Lane? _last;

    /// <summary>Turns that nobody had yet.</summary>
    public Turns() => _lanes = [_unmeasured, _old, _changed];

    /// <summary>Starts a pass.</summary>
    /// <param name="now">Nanoseconds of the clock.</param>
    /// <param name="options">The options in force.</param>
    public void Begin(long now, SamplingOptions options)
    {
        _now = now;
        _maxRead = Nanoseconds(options.MaxRead);
        _maxAge = Nanoseconds(options.MaxAge);
        // What is shown is a pass older before anything newer can be.
        _shownFor = Math.Max(_maxAge / 2, _maxAge - Nanoseconds(options.Interval));
        Array.ForEach(_lanes, static lane => lane.Waiting.Clear());
        _giants.Clear();
        _last = null;
    }

    /// <summary>True when the next read of the process is expected to take longer than <c>max_read</c>.</summary>
    public bool IsGiant(ProcessRecord process) => process.Turn.Predict(process.ResidentBytes) > _maxRead;

    /// <summary>Least nanoseconds between two reads of a giant: <c>max_age</c> times how far it exceeds <c>max_read</c>.</summary>
    public long GiantGap(ProcessRecord process) => (long)(_maxAge * ((double)process.Turn.Predict(process.ResidentBytes) / _maxRead));

    /// <summary>Nanoseconds after which the process's rollup no longer counts: it would be too old before the next pass.</summary>
    public long Lifetime(ProcessRecord process) => IsGiant(process) ? GiantGap(process) / 10 * 11 : _shownFor;

    /// <summary>True when the process's rollup is no longer what it would be now, or soon too old, and may be read again.</summary>
    public bool IsDue(ProcessRecord process)
    {
        if (!process.Turn.IsTried)
        {
            return true;
        }

        return IsRested(process)
            && (_now - process.Turn.ReadAt >= RefreshAge(process) || (process.HasRollup && process.Turn.Change(process) > 0));
    }

    /// <summary>True when the last read is long enough ago for another, whatever the process did since.</summary>
    public bool IsRested(ProcessRecord process) =>
        !process.Turn.IsTried
        || _now - process.Turn.ReadAt >= Math.Max(process.Turn.LeastGap, IsGiant(process) ? GiantGap(process) : 0);

    /// <summary>Puts a due process in its lane.</summary>
    public void Offer(ProcessRecord process)
    {
        List<ProcessRecord> waiting = IsGiant(process) ? _giants
            : !process.Turn.IsTried ? _unmeasured.Waiting
            : _now - process.Turn.ReadAt >= RefreshAge(process) ? _old.Waiting : _changed.Waiting;
        waiting.Add(process);
    }

    /// <summary>Puts the lanes in order; after the last offer of a pass.</summary>
    public void Order()
    {
        // Lists are taken from the end.
        _unmeasured.Waiting.Sort(static (a, b) => Later(b, a));
        _changed.Waiting.Sort(static (a, b) => a.Turn.Change(a).CompareTo(b.Turn.Change(b)) is not 0 and int order ? order : Later(b, a));
        _old.Waiting.Sort(static (a, b) => b.Turn.ReadAt.CompareTo(a.Turn.ReadAt) is not 0 and int order ? order : Later(b, a));
        _giants.Sort(static (a, b) => b.Turn.ReadAt.CompareTo(a.Turn.ReadAt) is not 0 and int order ? order : Later(b, a));
    }

    /// <summary>The next process to read; null when no lane has one.</summary>
    public ProcessRecord? Next()
    {
        if (_giants.Count > 0)
        {
            ProcessRecord giant = Take(_giants);
            _giants.Clear();
            _last = null;
            return giant;
        }

        Lane? next = null;
        foreach (Lane lane in _lanes)
        {
            // A lane that was empty has not saved up what it did not need.
            lane.Reached = Math.Max(lane.Reached, _reached);
            if (lane.Waiting.Count > 0 && (next is null || lane.Reached < next.Reached))
            {
                next = lane;
            }
        }

        _last = next;
        _reached = next?.Reached ?? _reached;
        return next is null ? null : Take(next.Waiting);
    }

    /// <summary>Notes what reading the process of the last <see cref="Next"/> has cost.</summary>
    public void Spend(long cpuNanoseconds)
    {
        if (_last is not null)
        {
            _last.Reached += cpuNanoseconds / _last.Weight;
        }
    }

    /// <summary>A span in nanoseconds.</summary>
    public static long Nanoseconds(TimeSpan span) => span.Ticks * 100;

    // Spread over 80 to 95 % of the time it is shown by pid, so that what was measured together is not due together.
    private long RefreshAge(ProcessRecord process) =>
        IsGiant(process) ? GiantGap(process) : process.HasRollup ? _shownFor / 100 * (80 + (process.Id.Pid * 7 % 16)) : _maxAge / 5;

    private static ProcessRecord Take(List<ProcessRecord> lane)
    {
        ProcessRecord last = lane[^1];
        lane.RemoveAt(lane.Count - 1);
        return last;
    }

    private static int Later(ProcessRecord a, ProcessRecord b) =>
        a.Id.StartTicks.CompareTo(b.Id.StartTicks) is not 0 and int order ? order : a.Id.Pid.CompareTo(b.Id.Pid);

    /// <summary>Processes that are due for one reason.</summary>
    private sealed class Lane(int weight)
    {
        /// <summary>Its share of the CPU time against the other lanes'.</summary>
        public int Weight { get; } = weight;

        /// <summary>CPU nanoseconds it has had, divided by its weight; never behind that of the lanes that were not empty.</summary>
        public long Reached { get; set; }

        /// <summary>Who waits; the last comes first.</summary>
        public List<ProcessRecord> Waiting { get; } = [];
    }
}
