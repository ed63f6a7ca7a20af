using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What watched processes can do to the one who watches.</summary>
public sealed class HostileTests
{
    private static readonly Dictionary<string, string> s_fast = new() { ["MAPAGENT_SAMPLING_INTERVAL"] = "100ms" };

    [Theory]
    [InlineData("newline", "610a62")]
    [InlineData("quotes and backslashes", "22275c5c6e22")]
    [InlineData("parentheses", "29205320312031202829")]
    [InlineData("braces and commas", "7b613d2262222c7d2031")]
    [InlineData("bytes that are no UTF-8", "61ff80c062")]
    [InlineData("a character cut in two", "6161616161616161616161616161c3")]
    [InlineData("control characters", "1b5b324a077f01")]
    [InlineData("direction marks", "e280ae616263e280ac")]
    [InlineData("fifteen quotes", "222222222222222222222222222222")]
    public async Task A_hostile_name_is_a_label_like_any_other(string what, string hex)
    {
        byte[] name = Convert.FromHexString(hex);
        await using Victim victim = await Victim.StartAsync("x", Victim.Comm(name));
        await using Agent agent = await Agent.StartAsync();
        byte[] page = await agent.PageAsync();
        string expected = Encoding.UTF8.GetString(name);
        Assert.True(ExpositionParser.Parse(page).Value("mapagent_processes", ("group", expected)) == 1, what);
        Assert.Equal(1, (await agent.ScrapeAsync(openMetrics: true)).Value("mapagent_processes", ("group", expected)));
        Assert.Equal((0, "", ""), await ChildProcess.RunAsync("promtool", ["check", "metrics"], input: Encoding.UTF8.GetString(page)));
        (int code, string table, _) = await Agent.RunAsync("once", "--format=table");
        Assert.Equal(0, code);
        Assert.DoesNotContain(table, static letter => (char.IsControl(letter) && letter != '\n') || letter is '\u202e' or '\u202c');
        await agent.StopAsync();
    }

    [Theory]
    [InlineData(100_000, "tail")]
    [InlineData(1_000_000, null)]
    public async Task A_huge_command_line_is_matched_within_its_bound(int size, string? expected)
    {
        string[] arguments = [.. Enumerable.Repeat(new string('a', 999), size / 1000), "the-end"];
        await using Victim victim = await Victim.StartAsync(await NativePrograms.PathAsync("victim"), arguments, []);
        await using Agent agent = await Agent.StartAsync(configuration:
            "process_names: [{name: tail, cmdline: ['victim (a+ )+the-end$']}, {name: head, cmdline: ['victim a+']}]\n");
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_processes", ("group", expected ?? "head")));
        Assert.Equal(expected is null, page.Value("mapagent_truncations_total", ("what", "cmdline")) > 0);
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_name_longer_than_a_label_may_be_is_cut_and_counted()
    {
        await using Victim victim = await Victim.StartAsync(await NativePrograms.PathAsync("victim"), [new string('n', 5000)], []);
        await using Agent agent = await Agent.StartAsync(
            configuration: "process_names: [{name: '{{.Matches.N}}', cmdline: ['victim (?P<N>n+)']}]\nlimits: {label_length: 64}\n");
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_processes", ("group", new string('n', 64))));
        Assert.Equal(1, page.Value("mapagent_truncations_total", ("what", "label")));
        await agent.StopAsync();
    }

    [Theory]
    [InlineData("comm: [victim]")]
    [InlineData("cmdline: ['victim exec-loop 2$']")]
    public async Task Processes_that_exec_without_end_are_counted_in_every_pass(string selector)
    {
        const int Loops = 16;
        List<ChildProcess> loops = [];
        try
        {
            for (int i = 0; i < Loops; i++)
            {
                loops.Add(ChildProcess.Start(await NativePrograms.PathAsync("victim"), ["exec-loop", "2"]));
            }

            await using Agent agent = await Agent.StartAsync(environment: s_fast, configuration: $"process_names: [{{name: loop, {selector}}}]\n");
            await agent.ScrapeUntilAsync("all of them", static page => page.Value("mapagent_processes", ("group", "loop")) == Loops);
            List<double> sizes = [];
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4))
            {
                Exposition page = await agent.ScrapeAsync();
                double size = page.Value("mapagent_processes", ("group", "loop")) ?? 0;
                sizes.Add(size);
                Assert.Equal(size, page.Sum("mapagent_process_measured", ("group", "loop")) + page.Sum("mapagent_process_unmeasured", ("group", "loop")));
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            Assert.All(loops, static loop => Assert.False(loop.HasExited));
            await agent.StopAsync();
            Assert.True(sizes.TrueForAll(static size => size == Loops), "counted: " + string.Join(' ', sizes));
        }
        finally
        {
            foreach (ChildProcess loop in loops)
            {
                await loop.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Processes_that_vanish_during_passes_are_no_errors()
    {
        await using ChildProcess spawner = ChildProcess.Start(await NativePrograms.PathAsync("spawner"), ["1000000", "5", "5000"]);
        await using Agent agent = await Agent.StartAsync(environment: s_fast);
        Exposition page = await agent.ScrapeUntilAsync("thirty passes", static page => page.Value("mapagent_pass_duration_seconds_count") >= 30);
        Assert.InRange(page.Sum("mapagent_reads_total", ("outcome", "gone")), 1, double.MaxValue);
        // What is mounted in other namespaces of the machine is no matter of these processes.
        Assert.DoesNotContain(page.Find("mapagent_reads_total"), static sample =>
            sample.Value > 0 && (sample["outcome"] is "failed" or "malformed") && sample["file"] is not "shm_mount");

        await agent.StopAsync();
    }

    [Fact]
    public async Task Thirty_thousand_processes_are_a_pass_like_any_other()
    {
        using LargeTree tree = new();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + tree.Root]);
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(LargeTree.Processes, page.Sum("mapagent_processes"));
        Assert.Equal(LargeTree.Names, page.Find("mapagent_processes").Length);
        Assert.Equal(0, page.Sum("mapagent_truncations_total"));
        Assert.Equal(LargeTree.Processes, page.Sum("mapagent_process_measured") + page.Sum("mapagent_process_unmeasured"));
        long resident = Kernel.Resident(agent.Pid);
        Figures.Report(
            $"{LargeTree.Processes} processes: first pass {page.Value("mapagent_pass_duration_seconds_sum")} s, "
            + $"{page.Sum("mapagent_process_measured")} measured, resident {resident / 1024} KiB");
        Assert.InRange(resident, 1, 200L * 1024 * 1024);
        await agent.StopAsync();
    }
}
