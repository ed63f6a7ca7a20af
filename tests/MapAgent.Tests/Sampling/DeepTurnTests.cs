using System;
using System.Globalization;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>Which deep reads a pass makes, and which it must not.</summary>
public sealed class DeepTurnTests
{
    private const int Pid = 10;

    [Fact]
    public void Rollups_that_are_always_due_leave_something_for_deep_reads()
    {
        using PassFixture fixture = new(Setup(new SamplingOptions { CpuBudget = 0.00005, MaxRead = TimeSpan.FromSeconds(10) }));
        AddProcess(fixture, pages: 100);
        long deep = 0;
        long rollups = 0;
        for (int pass = 0; pass < 12; pass++)
        {
            for (int other = 0; other < 300; other++)
            {
                // So large that each read is timed, and changed each time.
                string pages = (100_000 + (pass * 1000) + other).ToString(CultureInfo.InvariantCulture);
                fixture.Tree.WithProcess(100 + other, new StatLine { Comm = "b", ResidentPages = pages });
            }

            Snapshot snapshot = fixture.Run();
            rollups = snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Ok);
            deep = Reads(snapshot);
        }

        Assert.True(rollups < 12 * 300, "the budget lasted for all rollups, so there was nothing to share");
        Assert.InRange(deep, 3, 12);
    }

    [Fact]
    public void A_process_that_has_grown_since_is_expected_to_take_longer()
    {
        using PassFixture fixture = new(Setup(new SamplingOptions { MaxRead = TimeSpan.FromMilliseconds(50) }));
        AddProcess(fixture, pages: 100);
        Assert.Equal(1, Reads(fixture.Run()));
        // 16 GiB more.
        AddProcess(fixture, pages: 4 << 20);
        Assert.Equal(1, Reads(fixture.Run()));
        AddProcess(fixture, pages: 100);
        Assert.Equal(2, Reads(fixture.Run()));
    }

    [Fact]
    public void After_an_exec_nothing_is_left_of_the_old_image()
    {
        using PassFixture fixture = new(Setup(new SamplingOptions(), TimeSpan.FromMinutes(5)));
        AddProcess(fixture, pages: 100);
        Assert.NotNull(fixture.Run().Group("a").Anatomy);
        fixture.Tree.WithProcess(Pid, new StatLine { Comm = "a", StartCode = 9999 }).With(Pid, "smaps", new SmapsText().Add("[heap]", rss: 52).ToBytes());
        Snapshot after = fixture.Run();
        Assert.Equal(2, Reads(after));
        Assert.Equal(52 * 1024, after.Group("a").Anatomy!.Sums.All.Rss);
    }

    private static PassSetup Setup(SamplingOptions sampling, TimeSpan? interval = null) => new(
        PassFixture.Setup(rules: [new RuleOptions { Comm = ["a"], Mappings = true }, new RuleOptions { Comm = ["b"] }]).Rules,
        sampling, new LimitOptions(), new ShmOptions(), new MappingsOptions { Interval = interval ?? TimeSpan.FromSeconds(15) });

    private static void AddProcess(PassFixture fixture, int pages) => fixture.Tree
        .WithProcess(Pid, new StatLine { Comm = "a", ResidentPages = pages.ToString(CultureInfo.InvariantCulture) })
        .With(Pid, "smaps", new SmapsText().Add("[heap]", rss: 1300).ToBytes());

    private static long Reads(Snapshot snapshot) => snapshot.Reads.Reads(ProcFile.Smaps, ReadOutcome.Ok);
}
