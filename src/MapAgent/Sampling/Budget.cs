using System;
using System.Collections.Generic;

namespace MapAgent.Sampling;

/// <summary>
/// How much CPU time rollups and deep reads may still take. Two bounds hold together: income at the granted share, saved up for
/// at most half a minute, so that spending stays even; and never more than a minute's income in any minute. The time granted at
/// the start, so that the first snapshot is worth reading, is outside of both.
/// </summary>
/// <remarks>Times are timestamps of the clock in nanoseconds, which do not jump when the wall clock is set.</remarks>
internal sealed class Budget
{
    private const long Minute = 60_000_000_000;
    private const long LeastSavings = 30_000_000_000;
    private readonly Queue<(long At, long Spent)> _lastMinute = new();
    private double _share;
    private long _saved;
    private long _mostSaved;
    private long _spentInMinute;
    private long _spentInPass;
    private long _at;
    private bool _started;
    private bool _starting;

    /// <summary>CPU nanoseconds that may still be spent in this pass; 0 or less means stop.</summary>
    public long Remaining => _starting
        ? (long)(_share * Minute) - _spentInPass
        : Math.Min(_saved, (long)(_share * Minute) - _spentInMinute);

    /// <summary>True in the first pass, which may spend a minute's income at once.</summary>
    public bool IsStarting => _starting;

    /// <summary>Opens the books of a pass.</summary>
    /// <param name="now">Nanoseconds.</param>
    /// <param name="share">Share of one CPU that is granted.</param>
    /// <param name="interval">Nanoseconds between passes: at least two passes' income can be saved.</param>
    public void Begin(long now, double share, long interval)
    {
        Close();
        _share = share;
        _mostSaved = (long)(share * Math.Max(LeastSavings, 2 * interval));
        _starting = !_started;
        _saved = _started ? Math.Min(_mostSaved, _saved + (long)(share * (now - _at))) : 0;
        _started = true;
        _at = now;
        _spentInPass = 0;
        while (_lastMinute.TryPeek(out (long At, long Spent) oldest) && now - oldest.At >= Minute)
        {
            _spentInMinute -= oldest.Spent;
            _lastMinute.Dequeue();
        }
    }

    /// <summary>Notes what a read has cost.</summary>
    public void Spend(long cpuNanoseconds)
    {
        _spentInPass += cpuNanoseconds;
        if (!_starting)
        {
            _saved -= cpuNanoseconds;
            _spentInMinute += cpuNanoseconds;
        }
    }

    private void Close()
    {
        if (_started && !_starting && _spentInPass > 0)
        {
            _lastMinute.Enqueue((_at, _spentInPass));
        }
    }
}
