using System.Linq;
using MapAgent.Sampling;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>The processes that a snapshot names, and rates.</summary>
public sealed class MemberTests
{
    [Fact]
    public void The_largest_are_named_by_proportional_size_and_the_others_are_in_the_sums()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Comm = ["a"] }]));
        foreach (int pid in Enumerable.Range(100, LargestMembers.Most + 5))
        {
            fixture.Tree.WithProcess(pid, new StatLine { Comm = "a" }, new RollupText { Pss = 1000 + (pid * 7 % 25) });
        }

        SeriesSnapshot group = fixture.Run().Group("g");

        Assert.Equal(LargestMembers.Most, group.Largest.Count);
        Assert.Equal(LargestMembers.Most + 5, group.Processes);
        long[] sizes = [.. group.Largest.Select(static member => member.Pss!.Value / 1024)];
        Assert.Equal(Enumerable.Range(0, LargestMembers.Most).Select(static i => 1024L - i), sizes);
        Assert.All(group.Largest, static member => Assert.Equal("a", member.Comm.ToString()));
    }

    [Fact]
    public void One_that_could_not_be_measured_has_its_resident_size_and_the_reason()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Comm = ["a"] }]));
        fixture.Tree.WithProcess(100, new StatLine { Comm = "a", ResidentPages = "99999" }).With(100, "smaps_rollup", "garbage").WithProcess(101, new StatLine { Comm = "a" });

        MemberSnapshot[] members = [.. fixture.Run().Group("g").Largest];

        Assert.Equal((100, null, Unmeasured.Failed), (members[0].Pid, members[0].Pss, members[0].Why));
        Assert.Null(members[0].RollupAt);
        Assert.Equal(99_999L * 4096, members[0].ResidentBytes);
        Assert.Equal((101, 700L * 1024), (members[1].Pid, members[1].Pss));
    }

    [Fact]
    public void A_rate_takes_two_passes()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(100, new StatLine { Comm = "a", MajorFaults = "10", MinorFaults = "1000" });
        SeriesSnapshot first = fixture.Run().Group("a");
        Assert.Equal((null, null, null), (first.MajorFaultsPerSecond, first.MinorFaultsPerSecond, first.Largest[0].MajorFaultsPerSecond));

        fixture.Tree.WithProcess(100, new StatLine { Comm = "a", MajorFaults = "40", MinorFaults = "1150" }).WithProcess(101, new StatLine { Comm = "b" });
        Snapshot second = fixture.Run();

        Assert.Equal((2.0, 10.0), (second.Group("a").MajorFaultsPerSecond, second.Group("a").MinorFaultsPerSecond));
        Assert.Equal((2.0, 10.0), (second.Group("a").Largest[0].MajorFaultsPerSecond, second.Group("a").Largest[0].MinorFaultsPerSecond));
        Assert.Null(second.Group("b").MajorFaultsPerSecond);
        Assert.Equal(0.0, fixture.Run().Group("b").MajorFaultsPerSecond);
    }

    [Fact]
    public void A_new_name_is_shown_and_the_process_that_took_the_pid_starts_anew()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Cmdline = ["."] }]));
        fixture.Tree.WithProcess(100, new StatLine { Comm = "before" });
        fixture.Run();
        fixture.Tree.WithProcess(100, new StatLine { Comm = "after" });
        MemberSnapshot renamed = Assert.Single(fixture.Run().Group("g").Largest);
        Assert.Equal(("after", 0.0), (renamed.Comm.ToString(), renamed.MajorFaultsPerSecond));

        fixture.Tree.WithProcess(100, new StatLine { Comm = "other", StartTicks = 9999 });
        MemberSnapshot other = Assert.Single(fixture.Run().Group("g").Largest);
        Assert.Equal(("other", null), (other.Comm.ToString(), other.MajorFaultsPerSecond));
    }

    [Fact]
    public void While_no_number_changes_a_pass_makes_no_new_list()
    {
        using PassFixture fixture = new(PassFixture.Setup(rules: [new RuleOptions { Name = "g", Comm = ["a"], Rollup = RollupPolicy.Never }]));
        fixture.Tree.WithProcess(100, new StatLine { Comm = "a" });
        fixture.Run();
        Snapshot before = fixture.Run();
        Snapshot same = fixture.Run();
        fixture.Tree.WithProcess(100, new StatLine { Comm = "a", ResidentPages = "332" });
        Snapshot changed = fixture.Run();

        Assert.Same(before.Group("g").Largest, same.Group("g").Largest);
        Assert.Equal(331 * 4096, before.Group("g").Largest[0].ResidentBytes);
        Assert.Equal(332 * 4096, changed.Group("g").Largest[0].ResidentBytes);
    }

    [Fact]
    public void Those_that_ended_are_named_no_more()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(100, new StatLine { Comm = "a" }).WithProcess(101, new StatLine { Comm = "a" });
        Assert.Equal(2, fixture.Run().Group("a").Largest.Count);
        fixture.Tree.Remove(100);
        Assert.Equal([101], fixture.Run().Group("a").Largest.Select(static member => member.Pid));
    }
}
