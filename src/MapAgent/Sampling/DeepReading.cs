using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>
/// Reads <c>smaps</c> of the members of groups that ask for it, each once in <c>mappings.interval</c>, in turn, from a quarter of
/// the budget's income. A target that would hold its lock for longer than <c>max_read</c> is not read. Without rules the largest
/// groups ask, and those that fault on disk much.
/// </summary>
internal sealed class DeepReading(ProcReader reader, TimeProvider clock)
{
    /// <summary>Of groups that nobody configured, so many of the largest are read.</summary>
    public const int LargestGroups = 10;

    /// <summary>Reading smaps takes about so many times the rollup, which is the same walk without the text.</summary>
    public const int DearerThanRollup = 3;

    private const int IntervalsRemembered = 60;

    private readonly AnatomyReading _reading = new(reader);
    private readonly List<ProcessRecord> _due = [];
    private readonly HashSet<Series> _largest = [];
    private readonly Dictionary<Series, long> _resident = [];
    private long? _foundAt;
    private bool _foundBuiltIn;
    private SamplingOptions _sampling = new();
    private MappingsOptions _options = new();

    /// <summary>CPU nanoseconds since the start.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>Bounds that bit since the start.</summary>
    public long Truncations => _reading.Truncations;

    /// <summary>How many mappings a process may have; null while none was read, or where unknown.</summary>
    public long? MappingsLimit { get; private set; }

    /// <summary>Reads those that are due.</summary>
    /// <param name="processes">All of the pass.</param>
    /// <param name="setup">What is asked for; the built-in rules ask for the largest groups.</param>
    /// <param name="rollups">Keeps the books of the budget.</param>
    public void Go(IReadOnlyCollection<ProcessRecord> processes, PassSetup setup, RollupReading rollups)
    {
        _sampling = setup.Sampling;
        _options = setup.Mappings;
        long now = clock.GetTimestamp();
        FindLargest(processes, ReferenceEquals(setup.Rules, RuleSet.Default), now);
        _due.Clear();
        foreach (ProcessRecord process in processes)
        {
            bool isAsked = process.Series is { } series && process.HasAddressSpace && IsAsked(series, process.Rule);
            if (!isAsked || IsTooOld(process, now))
            {
                process.Deep.Forget();
            }

            if (isAsked && IsDue(process, now))
            {
                _due.Add(process);
            }
        }

        long share = rollups.DeepShare;
        if (_due.Count > 0 && share > 0)
        {
            long before = CpuNanoseconds;
            ReadDue(share);
            rollups.SpendDeep(CpuNanoseconds - before);
        }
    }

    private void ReadDue(long share)
    {
        _due.Sort(static (a, b) => a.Deep.At.CompareTo(b.Deep.At) is not 0 and int order ? order : a.Id.Pid.CompareTo(b.Id.Pid));
        _reading.Begin();
        ReadOutcome outcome = reader.Read(ProcFile.MaxMapCount, out ReadOnlySpan<byte> text);
        long limit = 0;
        outcome = outcome == ReadOutcome.Ok ? MaxMapCount.Parse(text, out limit) : outcome;
        MappingsLimit = reader.Ledger.Record(ProcFile.MaxMapCount, outcome) == ReadOutcome.Ok ? limit : null;
        long spent = 0;
        foreach (ProcessRecord process in _due)
        {
            spent += Read(process);
            if (spent > share)
            {
                return;
            }
        }
    }

    private bool IsAsked(Series series, Rule? rule) =>
        rule?.Options.Mappings == true || _largest.Contains(series) || (_foundBuiltIn && series.Cause is not null);

    private bool IsDue(ProcessRecord process, long now) =>
        (!process.Deep.IsTried || clock.GetElapsedTime(process.Deep.At, now) >= _options.Interval) && Predict(process, now) <= _sampling.MaxRead;

    // Anew in each interval only: while two groups change places, both would be read in part.
    private void FindLargest(IReadOnlyCollection<ProcessRecord> processes, bool isBuiltIn, long now)
    {
        if (_foundAt is { } at && isBuiltIn == _foundBuiltIn && clock.GetElapsedTime(at, now) < _options.Interval)
        {
            return;
        }

        _foundAt = now;
        _foundBuiltIn = isBuiltIn;
        _largest.Clear();
        _resident.Clear();
        if (isBuiltIn)
        {
            foreach (ProcessRecord process in processes)
            {
                if (process.Series is { } series)
                {
                    _resident[series] = _resident.GetValueOrDefault(series) + (process.ResidentBytes >> 10);
                }
            }

            _largest.UnionWith(_resident.OrderByDescending(static group => group.Value).Take(LargestGroups).Select(static group => group.Key));
        }
    }

    private bool IsTooOld(ProcessRecord process, long now) =>
        process.Deep.Anatomy is not null && clock.GetElapsedTime(process.Deep.At, now) > _sampling.MaxAge + _options.Interval;

    // What the last read took, and what has come since. One that was dear for a reason of its own must not keep the process out for
    // ever: after a while the rollup is asked again, which is read more often and is the same walk.
    private TimeSpan Predict(ProcessRecord process, long now)
    {
        long byRollup = process.Turn.Predict(process.ResidentBytes) * DearerThanRollup;
        bool isKnown = process.Deep.Cost > 0 && clock.GetElapsedTime(process.Deep.CostAt, now) < _options.Interval * IntervalsRemembered;
        long growth = Math.Max(0, process.ResidentBytes - process.Deep.ResidentBytes) / 4096 * RollupTurn.FirstGuessPerPage * DearerThanRollup;
        return TimeSpan.FromMicroseconds((isKnown ? process.Deep.Cost + growth : byRollup) / 1000.0);
    }

    private long Read(ProcessRecord process)
    {
        long from = ThreadClock.Nanoseconds();
        long at = clock.GetTimestamp();
        ReadOutcome outcome = ReadOutcome.Gone;
        Anatomy anatomy = process.Deep.Anatomy ?? new Anatomy();
        if (reader.Open(process.Id.Pid, out ProcessDirectory directory) == ReadOutcome.Ok)
        {
            using (directory)
            {
                outcome = _reading.Read(directory, process.Id, anatomy);
            }
        }

        long cpu = ThreadClock.Nanoseconds() - from;
        process.Deep.Take(outcome == ReadOutcome.Ok ? anatomy : null, at, cpu, process.ResidentBytes);
        CpuNanoseconds += cpu;
        return cpu;
    }
}
