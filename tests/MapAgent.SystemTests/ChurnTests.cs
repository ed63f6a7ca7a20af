using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>
/// A hundred thousand processes, each with a series of its own for as long as it lives. The SDK below never gives a series
/// back; the agent must, without losing a scrape and without growing.
/// </summary>
public sealed class ChurnTests
{
    // Each lives for a quarter of a second, two passes at least: as many as are named must really have had a series. Some more
    // are started, because a busy machine misses a few.
    private const int Named = 100_000;
    private const int Count = 140_000;
    private const int Alive = 500;
    private const int PerSecond = 2_000;
    private static readonly string[] s_families =
    [
        "mapagent_process_rss_bytes", "mapagent_process_virtual_bytes", "mapagent_process_minor_faults_total",
        "mapagent_process_oldest_start_time_seconds",
    ];

    [Fact]
    public async Task A_hundred_thousand_processes_leave_no_series_and_no_memory_behind()
    {
        Dictionary<string, string> environment = new() { ["MAPAGENT_SAMPLING_INTERVAL"] = "100ms", ["MAPAGENT_LIMITS_PER_PROCESS"] = "2000" };
        await using Agent agent = await Agent.StartAsync(
            environment: environment, configuration: "process_names: [{name: churn, comm: [spawner], per_process: true}]\n");
        string[] numbers = Array.ConvertAll([Count, Alive, PerSecond], static number => number.ToString(CultureInfo.InvariantCulture));
        await using ChildProcess spawner = ChildProcess.Start(await NativePrograms.PathAsync("spawner"), numbers);
        await agent.ScrapeUntilAsync("the first children", static page => page.Find("mapagent_processes").Length >= Alive * 9 / 10);

        List<long> resident = [];
        List<int> sizes = [];
        HashSet<string> seen = [];
        long start = Stopwatch.GetTimestamp();
        while (!spawner.Output.Contains("done", StringComparison.Ordinal))
        {
            Assert.False(spawner.HasExited);
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(120), "the children took too long");
            Exposition page = await agent.ScrapeAsync();
            string[] pids = Judge(page);
            sizes.Add(pids.Length);
            // A pid comes back after pid_max of them; with its start it is another process, and another life of the series.
            seen.UnionWith(page.Find("mapagent_process_oldest_start_time_seconds", ("group", "churn")).Select(static s => $"{s["pid"]} {s.Value:R}"));
            resident.Add(Kernel.Resident(agent.Pid));
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        long early = resident.Skip(resident.Count / 10).Take(resident.Count / 10).Max();
        long late = resident.Skip(resident.Count * 3 / 4).Max();
        Figures.Report(
            $"{resident.Count} scrapes in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, {seen.Count} distinct processes had a series, "
            + $"{sizes.Min()} to {sizes.Max()} at a time; resident KiB: first {resident[0] / 1024}, second tenth {early / 1024}, last quarter {late / 1024}, most {resident.Max() / 1024}");
        Assert.InRange(seen.Count, Named, Count + 1);
        Assert.InRange(sizes.Max(), Alive * 9 / 10, Alive + 1);
        Assert.True(resident.Count >= 200, $"only {resident.Count} scrapes");
        Assert.True(late <= early * 1.25, $"grew from {early} to {late} bytes");
        await agent.StopAsync();
    }

    private static string[] Judge(Exposition page)
    {
        Assert.DoesNotContain(page.Samples, static sample => sample.Labels.ContainsKey("otel_metric_overflow"));
        string[] pids = Pids(page, "mapagent_processes");
        Assert.InRange(pids.Length, 1, Alive + 10);
        Assert.All(s_families, family => Assert.Equal(pids, Pids(page, family)));
        Assert.All(page.Find("mapagent_processes"), static sample => Assert.Equal(1, sample.Value));
        Assert.Equal(pids.Length, page.Sum("mapagent_process_measured") + page.Sum("mapagent_process_unmeasured"));
        Assert.Equal(page.Sum("mapagent_process_measured"), page.Find("mapagent_process_pss_bytes").Length);
        return pids;
    }

    private static string[] Pids(Exposition page, string family) =>
        [.. page.Find(family, ("group", "churn")).Select(static sample => sample["pid"]!).Order(StringComparer.Ordinal)];
}
