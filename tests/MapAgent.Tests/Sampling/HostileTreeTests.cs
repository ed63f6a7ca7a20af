using System.Linq;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Host;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using MapAgent.Tests.Export;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class HostileTreeTests
{
    private static PassSetup Only(string comm) =>
        Rule.TryCreate(new RuleOptions { Name = "{{.Comm}}", Comm = [comm] }, out Rule? rule, out _)
            ? new PassSetup(new RuleSet([rule], children: true), new SamplingOptions(), new LimitOptions(), new ShmOptions(), new MappingsOptions()) : PassSetup.Default;

    [Fact]
    public void A_child_that_comes_later_than_its_matched_parent_joins_the_parents_group()
    {
        using ProcTree tree = new ProcTree().WithProcess(10, new StatLine { Comm = "parent" });
        using Page page = new(tree, Only("parent"));
        Assert.Equal(1, page.Measure().Series.Single().Processes);
        tree.WithProcess(11, new StatLine { Comm = "child", Parent = 10 });
        Snapshot snapshot = page.Measure();
        Assert.Equal(0, snapshot.Unmatched);
        Assert.Equal(2, snapshot.Series.Single().Processes);
    }

    [Fact]
    public void A_start_tick_beyond_all_calendars_does_not_end_the_pass()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(10, new StatLine { StartTicks = ulong.MaxValue }).WithProcess(11);
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        Assert.Equal(1, snapshot.Processes);
        Assert.Equal(1, snapshot.Reads.Reads(ProcFile.Stat, ReadOutcome.Malformed));
    }

    [Fact]
    public void A_resident_size_beyond_63_bits_of_bytes_does_not_turn_negative()
    {
        using ProcTree tree = new ProcTree().WithProcess(10, new StatLine { ResidentPages = "9223372036854775807" });
        using Page page = new(tree);
        Assert.All(page.Measure().Series, static series => Assert.InRange(series.ResidentBytes, 0, long.MaxValue));
    }

    [Fact]
    public void Swapped_pages_beyond_63_bits_of_bytes_do_not_turn_negative()
    {
        using ProcTree tree = new ProcTree().With("vmstat", "pgfault 1\npswpin 9223372036854775807\n");
        using ProcReader reader = new(tree.Root);
        Assert.InRange(HostReading.Read(reader, new SystemFacts(4096, 100, 1)).SwapInBytes ?? 0, 0, long.MaxValue);
    }

    [Fact]
    public void An_unknown_line_in_pressure_changes_nothing() =>
        Assert.Equal(ReadOutcome.Ok, PressureMemory.Parse("some avg10=0.00 total=5\nnew line\n"u8, out _));

    [Fact]
    public async Task Sums_of_virtual_sizes_do_not_turn_negative()
    {
        using ProcTree tree = new ProcTree().WithProcess(10, new StatLine { VirtualBytes = long.MaxValue }).WithProcess(11, new StatLine { VirtualBytes = long.MaxValue });
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.DoesNotContain('-', text.Value("mapagent_process_virtual_bytes", "group", "worker"));
    }

    [Fact]
    public async Task A_name_with_a_carriage_return_and_control_letters_stays_one_line()
    {
        using ProcTree tree = new ProcTree().WithProcess(10, new StatLine { Comm = "a\rb\u0001\u2028" });
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure(), ExpositionFormat.OpenMetrics);
        Assert.Equal("a\rb\u0001\u2028", text.Named("mapagent_processes").Single().Labels["group"]);
    }

    [Fact]
    public async Task Counters_of_a_group_never_fall_when_a_member_ends()
    {
        using ProcTree tree = new ProcTree().WithProcess(10, new StatLine { MajorFaults = "5" }).WithProcess(11, new StatLine { MajorFaults = "5" });
        using Page page = new(tree);
        page.Measure();
        tree.With(10, "stat", new StatLine { Pid = 10, MajorFaults = "9" }.ToBytes());
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.Equal("4", text.Value("mapagent_process_major_faults_total", "group", "worker"));
        tree.Remove(10);
        text = await page.RenderAsync(page.Measure());
        Assert.Equal("4", text.Value("mapagent_process_major_faults_total", "group", "worker"));
    }
}
