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
    private readonly List<ProcessRecord> _unmeasured = [];
    private readonly List<ProcessRecord> _changed = [];
    private readonly List<ProcessRecord> _old = [];
    private readonly List<ProcessRecord> _giants = [];
    private long _now;
    private long _maxRead;
    private long _maxAge;
    private int _turn;

    /// <summary>Starts a pass.</summary>
    /// <param name="now">Nanoseconds of the clock.</param>
    /// <param name="options">The options in force.</param>
    public void Begin(long now, SamplingOptions options)
    {
        _now = now;
        _maxRead = Nanoseconds(options.MaxRead);
        _maxAge = Nanoseconds(options.MaxAge);
        _unmeasured.Clear();
        _changed.Clear();
        _old.Clear();
        _giants.Clear();
        _turn = 0;
    }

    /// <summary>True when the next read of the process is expected to take longer than <c>max_read</c>.</summary>
    public bool IsGiant(ProcessRecord process) => process.Turn.Predict(process.ResidentBytes) > _maxRead;

    /// <summary>Least nanoseconds between two reads of a giant: <c>max_age</c> times how far it exceeds <c>max_read</c>.</summary>
    public long GiantGap(ProcessRecord process) => (long)(_maxAge * ((double)process.Turn.Predict(process.ResidentBytes) / _maxRead));

    /// <summary>Nanoseconds after which the process's rollup no longer counts.</summary>
    public long Lifetime(ProcessRecord process) => IsGiant(process) ? GiantGap(process) / 10 * 11 : _maxAge;

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
        List<ProcessRecord> lane = IsGiant(process) ? _giants
            : !process.Turn.IsTried ? _unmeasured
            : _now - process.Turn.ReadAt >= RefreshAge(process) ? _old : _changed;
        lane.Add(process);
    }

    /// <summary>Puts the lanes in order; after the last offer of a pass.</summary>
    public void Order()
    {
        // Lists are taken from the end.
        _unmeasured.Sort(static (a, b) => Later(b, a));
        _changed.Sort(static (a, b) => a.Turn.Change(a).CompareTo(b.Turn.Change(b)) is not 0 and int order ? order : Later(b, a));
        _old.Sort(static (a, b) => b.Turn.ReadAt.CompareTo(a.Turn.ReadAt) is not 0 and int order ? order : Later(b, a));
        _giants.Sort(static (a, b) => b.Turn.ReadAt.CompareTo(a.Turn.ReadAt) is not 0 and int order ? order : Later(b, a));
    }

    /// <summary>The next process to read; null when no lane has one.</summary>
    public ProcessRecord? Next()
    {
        if (_giants.Count > 0)
        {
            ProcessRecord giant = Take(_giants);
            _giants.Clear();
            return giant;
        }

        // Two of four turns for the unmeasured, one each for the others; an empty lane passes its turn on.
        for (int tries = 0; tries < 4; tries++)
        {
            List<ProcessRecord> lane = (_turn++ & 3) switch
            {
                0 or 2 => _unmeasured,
                1 => _changed,
                _ => _old,
            };
            if (lane.Count > 0)
            {
                return Take(lane);
            }
        }

        return null;
    }

    /// <summary>A span in nanoseconds.</summary>
    public static long Nanoseconds(TimeSpan span) => span.Ticks * 100;

    // Spread over 80 to 95 % of max_age by pid, so that what was measured together is not due together.
    private long RefreshAge(ProcessRecord process) =>
        IsGiant(process) ? GiantGap(process) : process.HasRollup ? _maxAge / 100 * (80 + (process.Id.Pid * 7 % 16)) : _maxAge / 5;

    private static ProcessRecord Take(List<ProcessRecord> lane)
    {
        ProcessRecord last = lane[^1];
        lane.RemoveAt(lane.Count - 1);
        return last;
    }

    private static int Later(ProcessRecord a, ProcessRecord b) =>
        a.Id.StartTicks.CompareTo(b.Id.StartTicks) is not 0 and int order ? order : a.Id.Pid.CompareTo(b.Id.Pid);
}
