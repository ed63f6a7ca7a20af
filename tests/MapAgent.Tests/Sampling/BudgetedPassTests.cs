using System;
using System.Linq;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class BudgetedPassTests
{
    [Fact]
    public void A_sleeping_process_keeps_its_rollup_for_free_until_it_gets_too_old()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" });
        fixture.Run();
        long reads = 0;
        for (int i = 0; i < 15; i++)
        {
            Snapshot snapshot = fixture.Run();
            reads = snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Ok);
            Assert.Equal(1, snapshot.Group("a").Measured);
        }

        Assert.Equal(1, reads);
        for (int i = 0; i < 6; i++)
        {
            reads = fixture.Run().Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Ok);
        }

        Assert.Equal(2, reads);
    }

    [Fact]
    public void A_process_that_changed_is_read_in_the_next_pass()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" });
        fixture.Run();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a", ResidentPages = "900" }, new RollupText { Pss = 3000 });

        Assert.Equal(3000 * 1024, fixture.Run().Group("a").Rollup(RollupField.Pss));
    }

    [Fact]
    public void A_changed_sharer_is_seen_within_max_age_and_the_age_covers_the_time_it_was_not()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" }, new RollupText { Pss = 500 });
        fixture.Run();
        // The other sharer has exited: this process's PSS doubles, and nothing in its stat shows it.
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" }, new RollupText { Pss = 1000 });
        long changed = fixture.Clock.GetTimestamp();
        TimeSpan waited = TimeSpan.Zero;
        SeriesSnapshot group = fixture.Run().Group("a");
        while (group.Rollup(RollupField.Pss) == 500 * 1024)
        {
            Assert.True(group.OldestRollupAt <= changed, "a number from before the change must say that it is so old");
            waited = fixture.Clock.GetElapsedTime(changed);
            Assert.True(waited <= TimeSpan.FromMinutes(5));
            group = fixture.Run().Group("a");
        }

        Assert.Equal(1000 * 1024, group.Rollup(RollupField.Pss));
        Assert.True(waited > TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void A_budget_of_nothing_leaves_no_rollup_and_says_why()
    {
        using PassFixture fixture = new(PassSetup.Default with { Sampling = new SamplingOptions { CpuBudget = 0 } });
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" });

        Snapshot snapshot = fixture.Run();

        Assert.Null(snapshot.Group("a").Rollup(RollupField.Pss));
        Assert.Equal(1, snapshot.Group("a").Unmeasured(Unmeasured.Budget));
        Assert.Equal(331 * 4096, snapshot.Group("a").ResidentBytes);
    }

    [Fact]
    public void Always_is_read_in_every_pass_and_never_in_none()
    {
        using PassFixture fixture = new(PassFixture.Setup(
            sampling: new SamplingOptions { CpuBudget = 0 },
            rules: [new RuleOptions { Name = "a", Comm = ["a"], Rollup = RollupPolicy.Always }, new RuleOptions { Name = "b", Comm = ["b"], Rollup = RollupPolicy.Never }]));
        fixture.Tree.WithProcess(10, new StatLine { Comm = "a" }).WithProcess(11, new StatLine { Comm = "b" });
        fixture.Run();
        fixture.Run();
        Snapshot snapshot = fixture.Run();

        Assert.Equal(3, snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Ok));
        Assert.Equal(1, snapshot.Group("b").Unmeasured(Unmeasured.Filtered));
    }

    [Fact]
    public void Giants_are_read_one_a_pass_and_listed_once_as_new()
    {
        // By size alone 2 GiB are expected to take longer than max_read.
        using PassFixture fixture = new(PassSetup.Default with { Sampling = new SamplingOptions { MaxRead = TimeSpan.FromMilliseconds(10) } });
        foreach (int pid in Enumerable.Range(10, 3))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = "big", ResidentPages = "524288" });
        }

        Snapshot first = fixture.Run();
        Assert.Equal(1, first.Group("big").Measured);
        Assert.Equal(2, first.Group("big").Unmeasured(Unmeasured.Budget));
        Assert.Equal(2, first.Giants.Count);
        Assert.All(first.Giants, static giant => Assert.True(giant is { IsNew: true, PredictedSeconds: > 0.05, EverySeconds: > 300 }));

        Assert.Equal(2, fixture.Run().Group("big").Measured);
        Snapshot third = fixture.Run();
        Assert.Equal(3, third.Group("big").Measured);
        // Measured, they turn out to be quick: no giants any more.
        Assert.Empty(third.Giants);
    }
}
