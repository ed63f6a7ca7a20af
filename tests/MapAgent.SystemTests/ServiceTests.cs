using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Life as a service: signals, reloads, and what a service manager is told.</summary>
public sealed class ServiceTests
{
    [Theory]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.Interrupt)]
    public async Task It_ends_well_when_told_to(int signal)
    {
        await using Agent agent = await Agent.StartAsync();
        await agent.StopAsync(signal);
    }

    [Fact]
    public async Task It_ends_in_time_while_a_pass_runs()
    {
        using LargeTree tree = new();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + tree.Root, "--log.level=debug"], waitUntilReady: false);
        // The server answers before the first pass has ended: now one runs.
        await Wait.UntilAsync("the server", TimeSpan.FromSeconds(10), async () => await agent.StatusAsync("/-/healthy") is not null);
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_reload_regroups_and_takes_nothing_from_counters()
    {
        string comm = Victim.UniqueComm();
        await using Victim victim = await Victim.StartAsync(comm);
        string kept = $"process_names: [{{name: kept, comm: [{comm}], rollup: always}}]\n";
        await using Agent agent = await Agent.StartAsync(configuration: kept);
        await victim.DoAsync("private 4096");
        Exposition page = await agent.MeasureAsync();
        double faults = page.Value("mapagent_process_minor_faults_total", ("group", "kept"))!.Value;
        Assert.InRange(faults, 1, double.MaxValue);
        double reads = page.Value("mapagent_reads_total", ("file", "stat"), ("outcome", "ok"))!.Value;

        await ConfigureAsync(agent, kept.Replace("rollup", "min_age: 0s, rollup", StringComparison.Ordinal));
        page = await agent.MeasureAsync();
        Assert.InRange(page.Value("mapagent_process_minor_faults_total", ("group", "kept"))!.Value, faults, faults + 1);
        Assert.InRange(page.Value("mapagent_reads_total", ("file", "stat"), ("outcome", "ok"))!.Value, reads + 1, double.MaxValue);

        await ConfigureAsync(agent, kept.Replace("kept", "renamed", StringComparison.Ordinal));
        page = await agent.MeasureAsync();
        Assert.Null(page.Value("mapagent_processes", ("group", "kept")));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "renamed")));
        Assert.Equal(1, page.Value("mapagent_process_measured", ("group", "renamed")));

        await ConfigureAsync(agent, kept);
        page = await agent.MeasureAsync();
        Assert.InRange(page.Value("mapagent_process_minor_faults_total", ("group", "kept"))!.Value, faults, faults + 1);
        Assert.Equal(1, page.Value("mapagent_config_last_reload_successful"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_bad_reload_is_refused_and_the_old_rules_stay()
    {
        string comm = Victim.UniqueComm();
        await using Victim victim = await Victim.StartAsync(comm);
        await using Agent agent = await Agent.StartAsync(configuration: $"process_names: [{{name: good, comm: [{comm}]}}]\n");
        await ConfigureAsync(agent, "process_names: [{name: bad, comm: [x], nonsense: 1}]\n");
        Exposition page = await agent.MeasureAsync();
        Assert.Equal(0, page.Value("mapagent_config_last_reload_successful"));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "good")));
        Assert.Contains(":1: unknown key nonsense", agent.Log, StringComparison.Ordinal);

        File.Delete(agent.ConfigurationFile);
        page = await agent.MeasureAsync();
        Assert.Equal(0, page.Value("mapagent_config_last_reload_successful"));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "good")));

        await ConfigureAsync(agent, $"process_names: [{{name: better, comm: [{comm}]}}]\n");
        page = await agent.MeasureAsync();
        Assert.Equal(1, page.Value("mapagent_config_last_reload_successful"));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "better")));
    }

    [Fact]
    public async Task A_service_manager_hears_ready_not_before_the_first_snapshot()
    {
        using NotifySocket manager = new();
        using LargeTree tree = new();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + tree.Root], Environment(manager), waitUntilReady: false);
        bool early = false;
        await Wait.UntilAsync("READY=1", TimeSpan.FromSeconds(30), async () =>
        {
            bool told = manager.Messages.Count > 0;
            HttpStatusCode? status = await agent.StatusAsync("/-/ready");
            early |= !told && status == HttpStatusCode.ServiceUnavailable;
            Assert.False(told && status != HttpStatusCode.OK, "told before it was true");
            return told;
        });
        Assert.True(early, "the first pass was over too soon to tell");
        Assert.StartsWith($"READY=1\nSTATUS={LargeTree.Processes} processes in {LargeTree.Names} series", manager.Messages[0], StringComparison.Ordinal);
        await agent.StopAsync();
        await manager.WaitAsync("STOPPING=1");
        Assert.Single(manager.Messages, static message => message.Contains("READY=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_manager_hears_of_reloads_with_the_time_of_their_start()
    {
        using NotifySocket manager = new();
        await using Agent agent = await Agent.StartAsync(environment: Environment(manager), configuration: "children: true\n");
        int known = await manager.WaitAsync("READY=1");
        long before = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        agent.Signal(Signals.Hangup);
        int reloading = await manager.WaitAsync("RELOADING=1", known);
        string time = manager.Messages[reloading - 1].Split('\n').Single(static line => line.StartsWith("MONOTONIC_USEC=", StringComparison.Ordinal));
        long after = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Assert.InRange(long.Parse(time.Split('=')[1], CultureInfo.InvariantCulture), before, after);
        int ready = await manager.WaitAsync("READY=1", reloading);

        await ConfigureAsync(agent, "nonsense: true\n");
        agent.Signal(Signals.Hangup);
        await manager.WaitAsync("READY=1", await manager.WaitAsync("RELOADING=1", ready));
        Assert.Contains(manager.Messages, static message => message.Contains("STATUS=reload refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_watchdog_is_fed_only_while_snapshots_are_fresh()
    {
        using NotifySocket manager = new();
        Dictionary<string, string> environment = Environment(manager);
        environment["WATCHDOG_USEC"] = "1000000";
        environment["MAPAGENT_SAMPLING_INTERVAL"] = "500ms";
        await using Agent agent = await Agent.StartAsync(environment: environment);
        int pings = await manager.WaitAsync("WATCHDOG=1");
        pings = await manager.WaitAsync("WATCHDOG=1", pings);
        double? last;
        await using (ChildProcess freezer = ChildProcess.Start(await NativePrograms.PathAsync("freeze"), [SamplerThread(agent.Pid)]))
        {
            await Wait.UntilAsync("the freezer", TimeSpan.FromSeconds(5), () => freezer.Output.Contains("frozen", StringComparison.Ordinal));
            await Wait.UntilAsync("unhealthiness", TimeSpan.FromSeconds(15), async () =>
                await agent.StatusAsync("/-/healthy") == HttpStatusCode.ServiceUnavailable);
            int silent = manager.Messages.Count;
            // The page is still there, and says how old it is.
            last = (await agent.ScrapeAsync()).Value("mapagent_snapshot_timestamp_seconds");
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            Assert.Equal(last, (await agent.ScrapeAsync()).Value("mapagent_snapshot_timestamp_seconds"));
            Assert.Equal(silent, manager.Messages.Count);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await agent.StatusAsync("/-/ready"));
            Assert.Equal(2, (await Agent.RunAsync("healthcheck", $"--web.listen-address=127.0.0.1:{agent.Port}")).ExitCode);
            pings = silent;
        }

        await manager.WaitAsync("WATCHDOG=1", pings);
        await agent.ScrapeUntilAsync("a new snapshot", page => page.Value("mapagent_snapshot_timestamp_seconds") > last);
        await agent.StopAsync();
    }

    private static Task ConfigureAsync(Agent agent, string text) => File.WriteAllTextAsync(agent.ConfigurationFile, text);

    private static Dictionary<string, string> Environment(NotifySocket manager) => new() { ["NOTIFY_SOCKET"] = manager.Path };

    private static string SamplerThread(int pid) => Directory.GetDirectories($"/proc/{pid}/task")
        .Where(static task => File.ReadAllText(task + "/comm").StartsWith("sampler", StringComparison.Ordinal))
        .Select(Path.GetFileName).Single()!;
}
