using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>A set of Unicode code points, kept as ranges.</summary>
internal sealed class RuneSet
{
    private const int MaxRune = 0x10FFFF;
    private readonly List<(int Low, int High)> _ranges = [];
    private bool _sorted = true;

    // The members below 128, one bit each: nearly all text is ASCII.
    private UInt128 _ascii;

    /// <summary>Adds the code points from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    internal RuneSet Add(int low, int high)
    {
        _ranges.Add((low, high));
        _sorted = false;
        return this;
    }

    /// <summary>Adds all members of <paramref name="other"/>.</summary>
    internal RuneSet Add(RuneSet other)
    {
        _ranges.AddRange(other._ranges);
        _sorted = false;
        return this;
    }

    /// <summary>The code points that are not in this set.</summary>
    internal RuneSet Negated()
    {
        Sort();
        RuneSet rest = new();
        int next = 0;
        foreach ((int low, int high) in _ranges)
        {
            if (low > next)
            {
                rest.Add(next, low - 1);
            }

            next = high + 1;
        }

        return next <= MaxRune ? rest.Add(next, MaxRune) : rest;
    }

    /// <summary>
    /// Whether <paramref name="rune"/> is a member. The set is <see cref="Sort">sorted</see> before it is shared between threads.
    /// </summary>
    internal bool Contains(int rune)
    {
        Sort();
        if (rune < 128)
        {
            return ((_ascii >> rune) & UInt128.One) != UInt128.Zero;
        }

        int from = 0;
        int to = _ranges.Count - 1;
        while (from <= to)
        {
            int middle = (from + to) / 2;
            if (rune < _ranges[middle].Low)
            {
                to = middle - 1;
            }
            else if (rune > _ranges[middle].High)
            {
                from = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts the ranges in order and joins those that touch, once after the last change.</summary>
    internal void Sort()
    {
        if (_sorted)
        {
            return;
        }

        _ranges.Sort();
        int kept = 0;
        for (int index = 1; index < _ranges.Count; index++)
        {
            if (_ranges[index].Low <= _ranges[kept].High + 1)
            {
                _ranges[kept] = (_ranges[kept].Low, Math.Max(_ranges[kept].High, _ranges[index].High));
            }
            else
            {
                _ranges[++kept] = _ranges[index];
            }
        }

        _ranges.RemoveRange(kept + 1, Math.Max(0, _ranges.Count - kept - 1));
        foreach ((int low, int high) in _ranges)
        {
            for (int rune = low; rune <= Math.Min(high, 127); rune++)
            {
                _ascii |= UInt128.One << rune;
            }
        }

        _sorted = true;
    }
}
