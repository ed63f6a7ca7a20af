using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Exposure;

/// <summary>As many requests as are answered at once, for half a minute or as long as MAPAGENT_LOAD_SECONDS says.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task Requests_up_to_the_limit_are_all_answered_and_the_budget_is_kept()
    {
        string seconds = Environment.GetEnvironmentVariable("MAPAGENT_LOAD_SECONDS") is { Length: > 0 } said ? said : "30";
        await using Agent agent = await Agent.StartAsync(environment: new Dictionary<string, string> { ["MAPAGENT_SAMPLING_INTERVAL"] = "1s" });
        await agent.NextAsync();
        Exposition before = await agent.NextAsync();
        long resident = Kernel.Resident(agent.Pid);
        long start = Stopwatch.GetTimestamp();
        (int exit, string output, string errors) = await ChildProcess.RunAsync(
            "wrk", ["-t", "2", "-c", "40", "-d", seconds + "s", "-H", "Accept-Encoding: gzip", agent.Url("/metrics").ToString()],
            patience: TimeSpan.FromMinutes(30));
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.True(exit == 0, errors);
        Assert.DoesNotContain("Non-2xx", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Socket errors", output, StringComparison.Ordinal);
        Exposition after = await agent.NextAsync();
        double Grown(string name) => after.Sum(name) - before.Sum(name);
        double spent = Grown("mapagent_rollup_cpu_seconds_total") + Grown("mapagent_deep_read_cpu_seconds_total");
        double passes = Grown("mapagent_pass_duration_seconds_count");
        Figures.Report(string.Create(CultureInfo.InvariantCulture,
            $"{seconds} s of wrk, 40 connections: {Line(output, "requests in")}, {Line(output, "Latency")}; rollups and deep reads {spent:F3} s of CPU, {passes} passes; "
            + $"resident {resident / 1024} KiB before, {Kernel.Resident(agent.Pid) / 1024} KiB at the end"));
        // The budget is 1 % of any minute; within it a few seconds may take what the ones before have left.
        Assert.InRange(spent, 0, (0.01 * Math.Max(60, took)) + 0.05);
        Assert.InRange(passes, took / 3, took + 3);
        Assert.Equal(0, after.Sum("mapagent_web_refused_total"));
        await Wait.UntilAsync("memory", TimeSpan.FromSeconds(30), () => Kernel.Resident(agent.Pid) <= resident * 1.1);
        await agent.StopAsync();
    }

    private static string Line(string output, string what) =>
        Array.Find(output.Split('\n'), line => line.Contains(what, StringComparison.Ordinal))?.Trim() ?? "";
}
