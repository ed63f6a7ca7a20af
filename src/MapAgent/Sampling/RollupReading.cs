using System;
using System.Collections.Generic;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>
/// Decides which rollups a pass reads, reads them, and keeps the books of what that cost. The budget is the only brake: the
/// thread that reads is never slowed down while it may hold a target's lock.
/// </summary>
internal sealed class RollupReading(ProcReader reader, SystemFacts system, TimeProvider clock, PassTimes times)
{
    // Nanoseconds: reads that are expected to take longer are worth two looks at the thread's clock.
    private const long WorthAClock = 300_000;

    // Nanoseconds in which it is earned.
    private const long LeastReserve = 2_500_000_000;
    private const long MostReserve = 3_750_000_000;

    private readonly Budget _budget = new();
    private readonly Turns _turns = new();
    private readonly long _origin = clock.GetTimestamp();
    private SamplingOptions _options = new();
    private bool _plentiful;
    private long _newcomers;
    private long _demand;
    private long _deep;
    private long _others;
    private long _grantedAt;
    private long _pass;
    private SmapsRollup _early;
    private ReadOutcome _earlyOutcome;
    private Cost _earlyCost;

    /// <summary>CPU nanoseconds of all rollup reads since the start.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>Seconds since boot at the start of the pass; null where unknown, then every process is old enough.</summary>
    public double? UptimeSeconds { get; set; }

    /// <summary>Starts a pass.</summary>
    /// <param name="pass">Its number.</param>
    /// <param name="options">The options in force.</param>
    public void Begin(long pass, SamplingOptions options)
    {
        long now = Now();
        _pass = pass;
        _options = options;
        _budget.Begin(now, options.CpuBudget, Turns.Nanoseconds(options.Interval));
        GrantOthers(now);
        _turns.Begin(now, options);
        // When all could be read, order does not matter, and reading on the spot saves asking stat twice.
        _plentiful = Left > _demand / 4 * 5;
        _newcomers = _budget.IsStarting || _plentiful ? Left : Left / 2;
    }

    // Rollups that are due may be worth more than the whole budget, pass after pass. Deep reads, and looks for who uses shared
    // memory, come after them and would never have a turn: a quarter of the income is each of theirs, and what they have not used
    // of some seconds' income is kept for them. Nor can they take more than that from the rollups: their reads are the dearer ones.
    private void GrantOthers(long now)
    {
        double most = _options.CpuBudget * Math.Clamp(Turns.Nanoseconds(_options.Interval) / 4, LeastReserve, MostReserve);
        double income = _pass == 1 ? most : _options.CpuBudget * (now - _grantedAt) / 4;
        _deep = (long)Math.Min(most, _deep + income);
        _others = (long)Math.Min(most, _others + income);
        _grantedAt = now;
    }

    // What rollups may still take in this pass.
    private long Left => _budget.Remaining - Math.Max(0, _deep) - Math.Max(0, _others);

    /// <summary>
    /// Reads the rollup of a process that is known from an earlier pass before its <c>stat</c> is, if it will surely or probably
    /// be due: what was busy in the last pass mostly is in this one.
    /// </summary>
    /// <returns>True when a read was made; then <see cref="AcceptEarly"/> must follow once <c>stat</c> has told who it was.</returns>
    public bool ReadEarly(ProcessRecord process)
    {
        if (process.Rule is not { } rule || Filter(process, rule) is not null
            || !(rule.Options.Rollup == RollupPolicy.Always
                || (_plentiful && _options.CpuBudget > 0 && process.BusyInPass == _pass - 1 && _turns.IsRested(process) && !_turns.IsGiant(process))))
        {
            return false;
        }

        Stopwatch watch = Start(process);
        _earlyOutcome = reader.ReadRollupFirst(process.Id.Pid, out _early);
        _earlyCost = Stop(watch);
        if (rule.Options.Rollup == RollupPolicy.Budget)
        {
            _budget.Spend(_earlyCost.Cpu);
        }

        return true;
    }

    /// <summary>Takes over the rollup of <see cref="ReadEarly"/>: <c>stat</c> showed the same process in the same image.</summary>
    /// <returns>False when there was none although the process lives: it must be asked again.</returns>
    public bool AcceptEarly(ProcessRecord process)
    {
        if (_earlyOutcome == ReadOutcome.Gone && process.HasAddressSpace)
        {
            return false;
        }

        ReadOutcome outcome = _earlyOutcome == ReadOutcome.Gone ? ReadOutcome.NoAddressSpace : _earlyOutcome;
        Take(process, reader.Ledger.Record(ProcFile.SmapsRollup, outcome), _early, _earlyCost);
        return true;
    }

    /// <summary>Notes that the rollup of <see cref="ReadEarly"/> was of a process or an image that is gone.</summary>
    public void RejectEarly() => reader.Ledger.Record(ProcFile.SmapsRollup, ReadOutcome.Gone);

    /// <summary>Decides about a process that was seen, but not opened: its rollup may come at the end of the pass.</summary>
    public void Consider(ProcessRecord process)
    {
        if (process.Rule is { } rule && Admits(process, rule) && _turns.IsDue(process))
        {
            _turns.Offer(process);
        }
    }

    /// <summary>Reads the rollup of an open process on the spot, or puts it in a lane for the end of the pass.</summary>
    /// <param name="process">Takes the rollup, or the reason why there is none.</param>
    /// <param name="rule">Its rule, or the one that will be; null for none.</param>
    /// <param name="directory">Its directory, through which its <c>stat</c> was read.</param>
    public void Visit(ProcessRecord process, Rule? rule, in ProcessDirectory directory)
    {
        if (rule is null || !Admits(process, rule))
        {
            return;
        }

        if (rule.Options.Rollup == RollupPolicy.Always)
        {
            Read(process, directory);
        }
        else if (_turns.IsDue(process))
        {
            bool onTheSpot = !_turns.IsGiant(process) && Left > 0 && (_plentiful || (!process.Turn.IsTried && _newcomers > 0));
            if (onTheSpot)
            {
                long cpu = Read(process, directory);
                _newcomers -= cpu;
                _budget.Spend(cpu);
            }
            else
            {
                _turns.Offer(process);
            }
        }
    }

    /// <summary>Reads those in the lanes, in turn, for as long as the budget lasts.</summary>
    public void ReadLanes()
    {
        _turns.Order();
        while (Left > 0 && _turns.Next() is { } process)
        {
            if (reader.Open(process.Id.Pid, out ProcessDirectory directory) != ReadOutcome.Ok)
            {
                Miss(process, Unmeasured.Gone);
                continue;
            }

            using (directory)
            {
                // The pid may be another's since the list was made; through this directory it no longer can be.
                bool same = reader.ReadStat(directory, out Stat stat) == ReadOutcome.Ok && stat.StartTicks == process.Id.StartTicks;
                if (same && stat.HasAddressSpace)
                {
                    long cpu = Read(process, directory);
                    _budget.Spend(cpu);
                    _turns.Spend(cpu);
                }
                else
                {
                    Miss(process, Unmeasured.Gone);
                }
            }
        }
    }

    /// <summary>Closes the books of one process: drops a rollup that is too old, and tells whether the process is a giant.</summary>
    /// <param name="process">A process of a group.</param>
    /// <param name="giants">Takes it when it is one.</param>
    public void Close(ProcessRecord process, List<Giant> giants)
    {
        if (process.Rule is not { Options.Rollup: RollupPolicy.Budget } || !process.HasAddressSpace)
        {
            return;
        }

        if (process.HasRollup && Now() - process.Turn.ReadAt > _turns.Lifetime(process))
        {
            Miss(process, Unmeasured.Budget);
        }

        if (_turns.IsGiant(process) && Filter(process, process.Rule) is null)
        {
            double predicted = process.Turn.Predict(process.ResidentBytes) / 1e9;
            giants.Add(new Giant(process.Id.Pid, process.Series!.Labels.Group, predicted, _turns.GiantGap(process) / 1e9, !process.IsListed));
            process.IsListed = true;
        }
    }

    /// <summary>CPU nanoseconds that deep reads may take in this pass: a quarter of its income, while something is left that is theirs.</summary>
    public long DeepShare => _deep > 0 ? Quarter : 0;

    /// <summary>The same for those who ask for anything else.</summary>
    public long OtherShare => _others > 0 ? Quarter : 0;

    private long Quarter => Math.Min(_budget.Remaining, (long)(_options.CpuBudget * Turns.Nanoseconds(_options.Interval) / 4));

    /// <summary>CPU nanoseconds that are left of the budget.</summary>
    public long Remaining => _budget.Remaining;

    /// <summary>Notes what deep reads have cost.</summary>
    public void SpendDeep(long cpuNanoseconds)
    {
        _budget.Spend(cpuNanoseconds);
        _deep -= cpuNanoseconds;
    }

    /// <summary>Notes what anything else than rollups and deep reads has cost.</summary>
    public void Spend(long cpuNanoseconds)
    {
        _budget.Spend(cpuNanoseconds);
        _others -= cpuNanoseconds;
    }

    /// <summary>What reading all budgeted members once would cost, for the next pass's plan.</summary>
    public void Expect(long demandNanoseconds) => _demand = demandNanoseconds;

    // From the start of the agent: timestamps themselves may not fit nanoseconds.
    private long Now() => At(clock.GetTimestamp());

    private long At(long timestamp) => Turns.Nanoseconds(clock.GetElapsedTime(_origin, timestamp));

    private bool Admits(ProcessRecord process, Rule rule)
    {
        if (Filter(process, rule) is { } reason)
        {
            Miss(process, reason);
            return false;
        }

        if (rule.Options.Rollup == RollupPolicy.Budget && _options.CpuBudget <= 0)
        {
            Miss(process, Unmeasured.Budget);
            return false;
        }

        return true;
    }

    private static void Miss(ProcessRecord process, Unmeasured reason)
    {
        process.HasRollup = false;
        process.Why = reason;
    }

    private long Read(ProcessRecord process, in ProcessDirectory directory)
    {
        Stopwatch watch = Start(process);
        ReadOutcome outcome = reader.ReadRollup(directory, process.Id, out SmapsRollup rollup);
        Cost cost = Stop(watch);
        Take(process, outcome, rollup, cost);
        return cost.Cpu;
    }

    private Stopwatch Start(ProcessRecord process) =>
        new(clock.GetTimestamp(), process.Turn.Predict(process.ResidentBytes) >= WorthAClock ? ThreadClock.Nanoseconds() : null);

    // The thread's clock costs 1.3 us, 1.5 % of a small read. A small read's wall time is an upper bound of its CPU time, and
    // nearly equal: such a read waits for nothing.
    private Cost Stop(Stopwatch watch)
    {
        long wall = Turns.Nanoseconds(clock.GetElapsedTime(watch.At));
        long cpu = watch.Cpu is { } before ? ThreadClock.Nanoseconds() - before : wall;
        CpuNanoseconds += cpu;
        times.RollupRead(wall / 1e9);
        return new Cost(watch.At, cpu, wall);
    }

    private void Take(ProcessRecord process, ReadOutcome outcome, in SmapsRollup rollup, Cost cost)
    {
        if (process.Turn.IsTried && process.Turn.Change(process) > 0)
        {
            process.BusyInPass = _pass;
        }

        process.Turn.Done(process, At(cost.At), cost.Cpu, cost.Wall);
        process.HasRollup = outcome == ReadOutcome.Ok;
        if (outcome == ReadOutcome.Ok)
        {
            process.Rollup = rollup;
            process.RollupAt = cost.At;
        }
        else
        {
            process.Why = outcome switch
            {
                ReadOutcome.Denied => Unmeasured.Denied,
                ReadOutcome.Gone or ReadOutcome.NoAddressSpace => Unmeasured.Gone,
                _ => Unmeasured.Failed,
            };
        }
    }

    private Unmeasured? Filter(ProcessRecord process, Rule rule)
    {
        RuleOptions options = rule.Options;
        if (!process.HasAddressSpace)
        {
            return Unmeasured.Gone;
        }

        if (options.Rollup == RollupPolicy.Never || process.ResidentBytes < options.MinRssBytes)
        {
            return Unmeasured.Filtered;
        }

        return options.MinAge > TimeSpan.Zero && Age(process) < options.MinAge ? Unmeasured.Filtered : null;
    }

    /// <summary>Time since the process was started; very long where the uptime is unknown.</summary>
    public TimeSpan Age(ProcessRecord process) =>
        UptimeSeconds is { } now
            ? TimeSpan.FromSeconds(Math.Max(0, now - (process.Id.StartTicks / (double)system.TicksPerSecond)))
            : TimeSpan.MaxValue;

    private readonly record struct Stopwatch(long At, long? Cpu);

    private readonly record struct Cost(long At, long Cpu, long Wall);
}
