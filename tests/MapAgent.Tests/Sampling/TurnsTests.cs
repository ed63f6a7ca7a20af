using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MapAgent.Procfs;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>Random histories of processes under a fake clock: born, growing, sleeping, dying, pids reused.</summary>
public sealed class TurnsTests
{
    private const long Second = 1_000_000_000;
    private static readonly SamplingOptions s_options = new();

    [Fact]
    public void The_budget_holds_nobody_starves_and_equal_histories_give_equal_turns() =>
        Gen.Select(Gen.Int, Gen.Int[5, 150], Gen.Int[0, 10], Gen.Int[1, 40]).Sample((seed, processes, births, milliseconds) =>
        {
            History one = new(seed, processes, births, milliseconds);
            one.Run(passes: 240);
            History other = new(seed, processes, births, milliseconds);
            other.Run(passes: 240);

            Assert.Equal(one.Reads, other.Reads);
            Assert.True(one.WorstMinute() <= (600_000_000 + one.DearestRead), $"{one.WorstMinute()} ns in a minute");
            Assert.True(one.LongestWait <= one.FairWait, $"a process waited {one.LongestWait} passes; its share would have come within {one.FairWait}");
        }, iter: 20);

    [Fact]
    public void Ten_thousand_newcomers_do_not_starve_those_that_changed()
    {
        Turns turns = new();
        turns.Begin(1000 * Second, s_options);
        for (int i = 0; i < 10_000; i++)
        {
            turns.Offer(new ProcessRecord(new ProcessId(1000 + i, 5)));
        }

        ProcessRecord changed = Measured(10, at: 900 * Second);
        changed.ResidentBytes += 1 << 20;
        turns.Offer(changed);
        turns.Order();

        Assert.Contains(changed, InTurn(turns, 6));
    }

    [Fact]
    public void A_few_dear_processes_that_change_all_the_time_do_not_starve_cheap_ones_that_grow_old()
    {
        Turns turns = new();
        turns.Begin(1000 * Second, s_options);
        for (int i = 0; i < 100; i++)
        {
            ProcessRecord dear = Measured(100 + i, at: 900 * Second);
            dear.ResidentBytes += 1 << 20;
            turns.Offer(dear);
            turns.Offer(Measured(1000 + i, at: 600 * Second));
        }

        turns.Order();
        int old = 0;
        for (long spent = 0; spent < 20 * 5_000_000;)
        {
            bool isOld = turns.Next()!.Id.Pid >= 1000;
            old += isOld ? 1 : 0;
            long cost = isOld ? 100_000 : 5_000_000;
            turns.Spend(cost);
            spent += cost;
        }

        // Three parts of four are 75 ms, which are more than the hundred cost together.
        Assert.Equal(100, old);
    }

    [Fact]
    public void A_lane_that_was_empty_has_saved_up_nothing()
    {
        Turns turns = new();
        turns.Begin(1000 * Second, s_options);
        for (int i = 0; i < 50; i++)
        {
            turns.Offer(Measured(1000 + i, at: 600 * Second));
        }

        turns.Order();
        Assert.Equal(50, InTurn(turns, 50).Count(static process => process is not null));
        turns.Begin(1015 * Second, s_options);
        for (int i = 0; i < 50; i++)
        {
            turns.Offer(Measured(2000 + i, at: 600 * Second));
            ProcessRecord changed = Measured(100 + i, at: 900 * Second);
            changed.ResidentBytes += 1 << 20;
            turns.Offer(changed);
        }

        turns.Order();
        Assert.InRange(InTurn(turns, 12).Count(static process => process!.Id.Pid >= 2000), 8, 9);
    }

    [Fact]
    public void The_largest_change_and_the_oldest_come_first_in_their_lanes()
    {
        Turns turns = new();
        turns.Begin(1000 * Second, s_options);
        ProcessRecord small = Measured(10, at: 950 * Second);
        small.ResidentBytes += 4096;
        ProcessRecord large = Measured(11, at: 950 * Second);
        large.ResidentBytes += 1 << 30;
        ProcessRecord old = Measured(12, at: 650 * Second);
        ProcessRecord older = Measured(13, at: 600 * Second);
        foreach (ProcessRecord process in new[] { small, large, old, older })
        {
            Assert.True(turns.IsDue(process));
            turns.Offer(process);
        }

        turns.Order();

        Assert.Equal([older, large, old, small], InTurn(turns, 4));
        Assert.Null(turns.Next());
    }

    /// <summary>The next reads, which all cost the same.</summary>
    private static ProcessRecord?[] InTurn(Turns turns, int count)
    {
        ProcessRecord?[] reads = new ProcessRecord?[count];
        for (int i = 0; i < count; i++)
        {
            reads[i] = turns.Next();
            turns.Spend(1_000_000);
        }

        return reads;
    }

    [Fact]
    public void A_read_that_took_far_longer_than_expected_backs_off()
    {
        Turns turns = new();
        ProcessRecord process = Measured(10, at: 0, wall: 1_000_000);
        long before = process.Turn.LeastGap;
        process.Turn.Done(process, Second, 20_000_000, 20_000_000);
        long surprised = process.Turn.LeastGap;
        process.Turn.Done(process, 2 * Second, 20_000_000, 20_000_000);

        Assert.Equal(200_000_000, before);
        Assert.Equal(2 * 200 * 20_000_000L, surprised);
        Assert.Equal(200 * 20_000_000L, process.Turn.LeastGap);
        turns.Begin(3 * Second, s_options);
        Assert.False(turns.IsRested(process));
    }

    [Fact]
    public void A_giant_is_read_once_in_max_age_times_how_far_it_exceeds_max_read()
    {
        Turns turns = new();
        ProcessRecord giant = Measured(10, at: 0, wall: 200_000_000);
        giant.ResidentBytes += 4096;
        turns.Begin(1190 * Second, s_options);
        Assert.True(turns.IsGiant(giant));
        Assert.False(turns.IsDue(giant));
        turns.Begin(1210 * Second, s_options);
        Assert.True(turns.IsDue(giant));
    }

    private static ProcessRecord Measured(int pid, long at, long wall = 100_000)
    {
        ProcessRecord process = new(new ProcessId(pid, 1)) { ResidentBytes = 1 << 20, HasAddressSpace = true, HasRollup = true };
        process.Turn.Done(process, at, wall, wall);
        return process;
    }

    private sealed class History(int seed, int count, int births, int milliseconds)
    {
        private readonly Random _random = new(seed);
        private readonly Turns _turns = new();
        private readonly Budget _budget = new();
        private readonly List<ProcessRecord> _live = [];
        private readonly Dictionary<ProcessRecord, int> _waiting = [];
        private readonly List<(long At, long Cpu)> _spent = [];
        private int _nextPid = 100;

        public List<(int Pass, int Pid)> Reads { get; } = [];

        public long DearestRead { get; private set; }

        public int LongestWait { get; private set; }

        public long WorstMinute()
        {
            long worst = 0;
            long sum = 0;
            int first = 0;
            foreach ((long at, long cpu) in _spent)
            {
                sum += cpu;
                while (at - _spent[first].At >= 60 * Second)
                {
                    sum -= _spent[first++].Cpu;
                }

                worst = Math.Max(worst, sum);
            }

            return worst;
        }

        // An unmeasured process has half of the reads; all that came before it share them. A read costs up to 1.5 times the
        // mean, debts are paid off, and a lane's turn passes through four.
        public int FairWait => 8 + (int)Math.Ceiling((count + (births * 240.0)) * 1.5 * milliseconds / 150 * 4);

        public void Run(int passes)
        {
            for (int pass = 1; pass <= passes; pass++)
            {
                Live(pass);
                long now = pass * 15 * Second;
                _budget.Begin(now, 0.01, 15 * Second);
                _turns.Begin(now, s_options);
                foreach (ProcessRecord process in _live.Where(_turns.IsDue))
                {
                    _turns.Offer(process);
                }

                _turns.Order();
                while (_budget.Remaining > 0 && _turns.Next() is { } process)
                {
                    long cost = (long)(milliseconds * 1_000_000L * (0.5 + _random.NextDouble()));
                    DearestRead = Math.Max(DearestRead, cost);
                    if (!_budget.IsStarting)
                    {
                        _spent.Add((now, cost));
                    }

                    _budget.Spend(cost);
                    process.Turn.Done(process, now, cost, cost);
                    process.HasRollup = true;
                    _waiting.Remove(process);
                    Reads.Add((pass, process.Id.Pid));
                }

                foreach (ProcessRecord process in _live.Where(static process => !process.Turn.IsTried))
                {
                    _waiting[process] = _waiting.GetValueOrDefault(process) + 1;
                    LongestWait = Math.Max(LongestWait, _waiting[process]);
                }
            }
        }

        private void Live(int pass)
        {
            _live.RemoveAll(_ => _random.Next(100) == 0);
            for (int i = pass == 1 ? count : _random.Next(births + 1); i > 0; i--)
            {
                int pid = _random.Next(10) == 0 ? _random.Next(100, _nextPid + 1) : _nextPid++;
                _live.Add(new ProcessRecord(new ProcessId(pid, (ulong)pass)) { ResidentBytes = 1 << 20, HasAddressSpace = true });
            }

            foreach (ProcessRecord process in _live)
            {
                switch (_random.Next(20))
                {
                    case 0:
                        process.ResidentBytes += _random.Next(1 << 20);
                        break;
                    case 1:
                        process.Faults.Major += _random.Next(50);
                        break;
                    case 2 when _random.Next(10) == 0:
                        process.Turn.Reset();
                        process.HasRollup = false;
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
