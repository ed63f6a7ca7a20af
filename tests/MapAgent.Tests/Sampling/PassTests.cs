using System;
using System.Linq;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class PassTests
{
    [Fact]
    public void Without_rules_every_process_is_in_the_group_of_its_comm()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" }).WithProcess(11, new StatLine { Comm = "b" }).WithProcess(12, new StatLine { Comm = "a" });

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["a", "b"], snapshot.Groups());
        Assert.Equal(2, snapshot.Group("a").Processes);
        Assert.Equal(2 * 700 * 1024, snapshot.Group("a").Rollup(RollupField.Pss));
        Assert.Equal(2 * 650 * 1024, snapshot.Group("a").Uss);
        Assert.Equal(2 * 331 * 4096, snapshot.Group("a").ResidentBytes);
    }

    [Fact]
    public void Kernel_threads_are_no_processes_and_zombies_are_unmeasured()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(2, new StatLine { Comm = "kthreadd", Flags = "2129984" }).WithProcess(10, new StatLine { Comm = "z", State = 'Z' });

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["z"], snapshot.Groups());
        Assert.Equal(1, snapshot.Group("z").Unmeasured(Unmeasured.Gone));
        Assert.Null(snapshot.Group("z").Rollup(RollupField.Pss));
        Assert.Equal(0, snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Ok));
    }

    [Fact]
    public void A_kernel_thread_is_recognised_without_its_stat_until_its_directory_is_another()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(2, new StatLine { Comm = "kthreadd", Flags = "2129984" });
        fixture.Run();
        long reads = fixture.Run().Reads.Reads(ProcFile.Stat, ReadOutcome.Ok);
        Assert.Equal(reads, fixture.Run().Reads.Reads(ProcFile.Stat, ReadOutcome.Ok));

        // Both stand for a moment, so that the new directory cannot be given the old one's inode number.
        System.IO.Directory.Move($"{fixture.Tree.Path}/2", $"{fixture.Tree.Path}/old");
        fixture.Tree.WithProcess(2, new StatLine { Comm = "user" });
        Assert.Equal(["user"], fixture.Run().Groups());
    }

    [Fact]
    public void A_missing_rollup_leaves_the_resident_size_and_no_zero()
    {
        using PassFixture fixture = new();
        fixture.Tree.With(10, "stat", new StatLine { Pid = 10, Comm = "a" }.ToBytes()).WithProcess(11, new StatLine { Comm = "b" }).With(11, "smaps_rollup", "garbage");

        Snapshot snapshot = fixture.Run();

        Assert.Null(snapshot.Group("a").Rollup(RollupField.Pss));
        Assert.Equal(331 * 4096, snapshot.Group("a").ResidentBytes);
        Assert.Equal(1, snapshot.Group("a").Unmeasured(Unmeasured.Gone));
        Assert.Equal(1, snapshot.Group("b").Unmeasured(Unmeasured.Failed));
        Assert.Equal(1, snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Malformed));
    }

    [Fact]
    public void Faults_count_from_the_first_sight_and_never_fall()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "100" }).WithProcess(11, new StatLine { Comm = "a", MajorFaults = "7" });
        Assert.Equal(0, fixture.Run().Group("a").MajorFaults);

        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "130" });
        Assert.Equal(30, fixture.Run().Group("a").MajorFaults);

        fixture.Tree.Remove(10);
        Assert.Equal(30, fixture.Run().Group("a").MajorFaults);

        // A falling counter is another process under the same pid and tick: it may miss, never invent.
        fixture.Tree.WithProcess(11, new StatLine { Comm = "a", MajorFaults = "1" });
        Assert.Equal(30, fixture.Run().Group("a").MajorFaults);
        fixture.Tree.WithProcess(11, new StatLine { Comm = "a", MajorFaults = "3" });
        Assert.Equal(32, fixture.Run().Group("a").MajorFaults);
    }

    [Fact]
    public void A_reused_pid_is_a_new_process()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "5", StartTicks = 100 });
        fixture.Run();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "500", StartTicks = 900 });

        SeriesSnapshot group = fixture.Run().Group("a");

        Assert.Equal(0, group.MajorFaults);
        Assert.Equal(1, group.Processes);
        Assert.Equal(1, group.Measured);
    }

    [Fact]
    public void A_group_without_members_disappears_and_keeps_its_counters_for_an_hour()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "0" });
        fixture.Run();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", MajorFaults = "40" });
        Assert.Equal(40, fixture.Run().Group("a").MajorFaults);
        fixture.Tree.Remove(10);
        Assert.Empty(fixture.Run().Series);

        fixture.Clock.Advance(TimeSpan.FromMinutes(50));
        fixture.Tree.WithProcess(11, new StatLine { Comm = "a", MajorFaults = "9" });
        Assert.Equal(40, fixture.Run().Group("a").MajorFaults);

        fixture.Tree.Remove(11);
        fixture.Run();
        fixture.Clock.Advance(TimeSpan.FromMinutes(61));
        fixture.Run();
        fixture.Tree.WithProcess(12, new StatLine { Comm = "a" });
        Assert.Equal(0, fixture.Run().Group("a").MajorFaults);
    }

    [Fact]
    public void An_exec_is_matched_anew_and_drops_the_rollup_of_the_old_image()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "shell", Comm = ["sh"] }, new RuleOptions { Name = "db", Comm = ["postgres"] }]));
        fixture.Tree.WithProcess(10, new StatLine { Comm = "sh" });
        Assert.Equal(["shell"], fixture.Run().Groups());
        fixture.Tree.WithProcess(10, new StatLine { Comm = "postgres", StartStack = 1_000_000 }, new RollupText { Pss = 5 });

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["db"], snapshot.Groups());
        Assert.Equal(5 * 1024, snapshot.Group("db").Rollup(RollupField.Pss));
    }

    [Fact]
    public void Unmatched_children_join_the_nearest_matched_ancestor_unless_switched_off()
    {
        RuleOptions[] rules = [new RuleOptions { Name = "top", Comm = ["top"] }, new RuleOptions { Name = "mid", Comm = ["mid"] }];
        using PassFixture fixture = new(PassFixture.Setup(rules: rules));
        fixture.Tree.WithProcess(30, new StatLine { Comm = "top", Parent = 1 }).WithProcess(20, new StatLine { Comm = "x", Parent = 30 })
            .WithProcess(10, new StatLine { Comm = "mid", Parent = 20 }).WithProcess(9, new StatLine { Comm = "y", Parent = 10 })
            .WithProcess(8, new StatLine { Comm = "alone", Parent = 1 });

        Snapshot snapshot = fixture.Run();
        Assert.Equal(2, snapshot.Group("top").Processes);
        Assert.Equal(2, snapshot.Group("mid").Processes);
        Assert.Equal(2, snapshot.Group("mid").Measured);
        Assert.Equal(1, snapshot.Unmatched);

        fixture.Configure(PassFixture.Setup(children: false, rules: rules));
        snapshot = fixture.Run();
        Assert.Equal(1, snapshot.Group("top").Processes);
        Assert.Equal(3, snapshot.Unmatched);
    }

    [Fact]
    public void Small_and_young_members_stay_in_the_group_without_a_rollup()
    {
        RuleOptions[] rules = [new RuleOptions { Name = "g", Comm = ["a"], MinRssBytes = 2_000_000, MinAge = TimeSpan.FromMinutes(1) }];
        using PassFixture fixture = new(PassFixture.Setup(rules: rules));
        fixture.Tree.With("uptime", "1000.00 1.00\n")
            .WithProcess(10, new StatLine { Comm = "a", ResidentPages = "1000", StartTicks = 100 })
            .WithProcess(11, new StatLine { Comm = "a", ResidentPages = "10", StartTicks = 100 })
            .WithProcess(12, new StatLine { Comm = "a", ResidentPages = "1000", StartTicks = 99_000 });

        SeriesSnapshot group = fixture.Run().Group("g");

        Assert.Equal(3, group.Processes);
        Assert.Equal(1, group.Measured);
        Assert.Equal(2, group.Unmeasured(Unmeasured.Filtered));
        Assert.Equal(2010 * 4096, group.ResidentBytes);
    }

    [Fact]
    public void Groups_beyond_the_limit_fold_into_other_and_are_counted()
    {
        using PassFixture fixture = new(PassSetup.Default with { Limits = new LimitOptions { Groups = 2 } });
        foreach (int pid in Enumerable.Range(10, 5))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = $"c{pid}" });
        }

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["c10", "c11", "other"], snapshot.Groups());
        Assert.Equal(3, snapshot.Group("other").Processes);
        Assert.Equal(3, snapshot.Truncations[Truncation.Groups]);
        Assert.Equal(5, snapshot.Series.Sum(static series => series.Processes));

        fixture.Tree.Remove(10);
        fixture.Tree.WithProcess(20, new StatLine { Comm = "c20" });
        Assert.Equal(["c11", "c20", "other"], fixture.Run().Groups());
    }

    [Fact]
    public void Who_was_folded_into_other_gets_a_group_when_there_is_room_again()
    {
        using PassFixture fixture = new(PassSetup.Default with { Limits = new LimitOptions { Groups = 2 } });
        foreach (int pid in Enumerable.Range(10, 4))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = $"c{pid}" });
        }

        fixture.Run();
        fixture.Tree.Remove(10);
        fixture.Run();
        Assert.Equal(["c11", "c12", "other"], fixture.Run().Groups());
        fixture.Tree.Remove(11);
        fixture.Run();
        Snapshot last = fixture.Run();
        Assert.Equal(["c12", "c13"], last.Groups());
        Assert.Equal(2, last.Truncations[Truncation.Groups]);
    }

    [Fact]
    public void Processes_with_a_series_of_their_own_are_bounded_and_the_rest_share_one()
    {
        RuleOptions[] rules = [new RuleOptions { Name = "g", Comm = ["a"], PerProcess = true }];
        using PassFixture fixture = new(PassFixture.Setup(limits: new LimitOptions { PerProcess = 2 }, rules: rules));
        foreach (int pid in Enumerable.Range(10, 5))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = "a" });
        }

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["10", "11", "other"], snapshot.Series.Select(static series => series.Labels.Pid));
        Assert.Equal(3, snapshot.Series[2].Processes);
        Assert.Equal(3, snapshot.Truncations[Truncation.PerProcess]);
        fixture.Tree.Remove(10);
        fixture.Run();
        Assert.Equal(["11", "12", "other"], fixture.Run().Series.Select(static series => series.Labels.Pid));
    }

    [Fact]
    public void Long_names_are_cut_and_counted_and_strange_ones_kept()
    {
        using PassFixture fixture = new(PassFixture.Setup(
            limits: new LimitOptions { LabelLength = 8 }, rules: [new RuleOptions { Name = "{{.ExeFull}}", Comm = ["a", "b\n\"\\"] }]));
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" }).With(10, "cmdline", new string('x', 100_000) + "\0")
            .WithProcess(11, new StatLine { Comm = "b\n\"\\" }).With(11, "cmdline", "\u00e9\n\"\0");

        Snapshot snapshot = fixture.Run();

        Assert.Equal(["xxxxxxxx", "\u00e9\n\""], snapshot.Groups());
        Assert.Equal(1, snapshot.Truncations[Truncation.Label]);
    }

    [Fact]
    public void A_command_line_beyond_the_bound_is_cut_and_counted()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Cmdline = ["x"] }]));
        fixture.Tree.WithProcess(10).With(10, "cmdline", new string('x', 1_000_000));

        Snapshot snapshot = fixture.Run();

        Assert.Equal(1, snapshot.Group("g").Processes);
        Assert.Equal(1, snapshot.Truncations[Truncation.Cmdline]);
    }

    [Fact]
    public void A_steady_pass_allocates_nothing_for_a_process()
    {
        long few = SteadyAllocation(20);
        long many = SteadyAllocation(420);

        // The snapshot costs the same whatever is in it: one group here.
        Assert.True(many - few <= 64, $"{few} bytes with 20 processes, {many} with 420");
    }

    private static long SteadyAllocation(int processes)
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Comm = ["a"], Rollup = RollupPolicy.Always }]));
        foreach (int pid in Enumerable.Range(100, processes))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = "a" });
        }

        for (int i = 0; i < 5; i++)
        {
            fixture.Run();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Snapshot snapshot = fixture.Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(processes, snapshot.Group("g").Measured);
        return allocated;
    }
}
