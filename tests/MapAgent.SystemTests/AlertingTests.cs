using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using MapAgent.Tests.Export.Otlp;
using MapAgent.Tests.Web;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>
/// Real causes on this machine, and a real Prometheus with the rules in a hurry: each alert is pending, fires, and ends with its cause,
/// and the others stay silent. While all of it goes on, every panel has data.
/// </summary>
public sealed class AlertingTests : IDisposable
{
    private const string Job = "mapagent";
    private const string PodUid = "4b6cb9e1-1c2d-4e5f-8a9b-0c1d2e3f4a5b";
    private const string ContainerId = "3f2a6c1d9e8b7a605f4e3d2c1b0a99887766554433221100ffeeddcc00000001";
    private const string LimitFile = "/proc/sys/vm/max_map_count";

    // Far above what any program of this machine has mapped, far below the default.
    private const long LoweredLimit = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    // These are about the whole machine, on which other things run: that they fire may be no more than true.
    private static readonly string[] s_ofTheMachine = ["MapAgentRefaultThrash", "MapAgentMemoryPressure", "MapAgentMemoryStalled"];

    // What a mount that was just filled may also cause: at that pace it would be full within the hour.
    private const string WillFill = "MapAgentShmWillFill";

    // Not in /tmp, which may be a tmpfs: its pages never come from a disk.
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", $"alerts-{Guid.NewGuid():N}"));
    private readonly long _limit = long.Parse(File.ReadAllText(LimitFile), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        File.WriteAllText(LimitFile, _limit.ToString(CultureInfo.InvariantCulture));
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_alert_is_pending_fires_and_ends_with_its_cause_and_every_panel_has_data()
    {
        long start = Stopwatch.GetTimestamp();
        await using ShmSpace full = await ShmSpace.StartAsync("size=64m", "write /dev/shm/torch_1 1024");
        await using ShmSpace orphaned = await ShmSpace.StartAsync("size=8m", "hold /dev/shm/used 64");
        await using Victim splitter = await Victim.StartAsync("splitter");
        string? narrow = await NativePrograms.Path32Async("bits32");
        await using ChildProcess narrowProcess = ChildProcess.Start(narrow ?? "cat", []);
        await using ChildProcess faulter = await StartFaulterAsync();
        await using RemoteFolder remote = await RemoteFolder.MountAsync(_folder.FullName);
        await using Victim remoteUser = await Victim.StartAsync("remote", $"file {remote.Path}/file 64");
        // A container as containerd makes it, with what the kubelet leaves on a node: its logs.
        string logs = Path.Combine(_folder.FullName, "log");
        KubernetesNode.AddLogs(logs, "prod", "trainer-0", PodUid, "train", ContainerId);
        await using MemoryGroup container = MemoryGroup.Create(64 << 20, "kubepods.slice", "kubepods-burstable.slice",
            $"kubepods-burstable-pod{PodUid.Replace('-', '_')}.slice", $"cri-containerd-{ContainerId}.scope");
        await using ShmSpace inPod = await ShmSpace.StartWithAsync($"echo $$ >{container.Members}; mount -t tmpfs -o size=8m tmpfs /dev/shm", "write /dev/shm/torch_2 512");
        string[] names = ["splitter", "bits32", "faulter", "remote", "shmuser"];
        await using Agent agent = await Agent.StartAsync(configuration: $$$"""
            process_names: [{name: "{{.Comm}}", comm: [{{{string.Join(", ", names)}}}], mappings: true}]
            sampling: {interval: 500ms, cpu_budget: 100%, max_read: 10s}
            mappings: {interval: 1s}
            shm: {interval: 200ms, unreferenced_after: 2s}
            kubernetes: {logs: {{{logs}}}}
            """);
        const string second = "process_names: [{name: none, comm: [no-such-program]}]\nkubernetes: {enabled: false}\nsampling: {interval: ";
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: false);
        using TestCertificates certificates = new();
        TestCertificates.Write(_folder.FullName, "server", certificates.Server());
        string web = Path.Combine(_folder.FullName, "web.yml");
        await File.WriteAllTextAsync(web, "tls_server_config: {cert_file: server.crt, key_file: server.key}\n", TestContext.Current.CancellationToken);
        await using Agent sleepy = await Agent.StartAsync(["--web.config.file=" + web], waitUntilReady: false, configuration: second + "500ms}\n", environment: new()
        {
            ["MAPAGENT_OTLP_ENABLED"] = "true",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });
        await using Prometheus prometheus = await Prometheus.StartWithRulesAsync(AlertRules.InAHurry(), (Job, Address(agent)), (Job, "https://" + Address(sleepy)));

        // At first all is well, for long enough that anything would have fired.
        await Wait.UntilAsync("20 scrapes", s_patience, async () => (await prometheus.QueryAsync("count_over_time(mapagent_build_info[2m]) >= 20")).Count == 2);
        await agent.ScrapeUntilAsync("who uses what", page => orphaned.Value(page, "unreferenced_bytes") == 0);
        string early = Described(await FiringAsync(prometheus, full, orphaned));
        Assert.True(early.Length == 0, early);

        // Now everything goes wrong at once.
        await SetLimitAsync(Math.Min(_limit, LoweredLimit));
        await full.DoAsync($"write /dev/shm/PostgreSQL.1 {61 * 1024}");
        await using (Victim killed = await orphaned.JoinAsync("map /dev/shm/psm_orphan 2048"))
        {
        }

        await splitter.DoAsync($"split {Math.Min(_limit, LoweredLimit) / 10 * 9}");
        using CancellationTokenSource calm = new();
        Task faulting = FaultAsync(faulter, calm.Token);
        await ReloadAsync(sleepy, second + "1h}\n");
        TestCertificates.Write(_folder.FullName, "server", certificates.Server(until: 6));
        string[] expected =
        [
            "MapAgentCertificateExpiring", "MapAgentMajorFaultStorm", "MapAgentMappingsNearLimit", "MapAgentShmAlmostFull", "MapAgentShmFillingUp",
            "MapAgentShmUnreferencedGrowing", "MapAgentStale",
        ];
        await FireAsync(prometheus, full, orphaned, expected);
        Figures.Report($"{expected.Length} alerts fire after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        await Wait.UntilAsync("the page cache of the storm", s_patience, async () => (await prometheus.QueryAsync("mapagent_mapped_file_cached_ratio")).Count > 0);
        await AssertEveryPanelHasDataAsync(prometheus, narrow is not null);

        // And ends.
        await SetLimitAsync(_limit);
        await full.DoAsync("unlink /dev/shm/PostgreSQL.1");
        await orphaned.DoAsync("unlink /dev/shm/psm_orphan");
        await calm.CancelAsync();
        await faulting;
        await splitter.DisposeAsync();
        await ReloadAsync(sleepy, second + "500ms}\n");
        TestCertificates.Write(_folder.FullName, "server", certificates.Server());
        await FireAsync(prometheus, full, orphaned, []);

        // A sampler that is killed, and then the last one.
        sleepy.Signal(Signals.Stop);
        await FireAsync(prometheus, full, orphaned, ["MapAgentDown"]);
        agent.Signal(Signals.Stop);
        await FireAsync(prometheus, full, orphaned, ["MapAgentAbsent", "MapAgentDown"]);
        sleepy.Signal(Signals.Continue);
        agent.Signal(Signals.Continue);
        await FireAsync(prometheus, full, orphaned, []);

        foreach (string alert in expected.Concat(["MapAgentAbsent", "MapAgentDown"]))
        {
            Assert.NotEmpty(await prometheus.QueryAsync($"count_over_time(ALERTS{{alertname=\"{alert}\",alertstate=\"pending\"}}[10m])"));
        }

        Figures.Report($"alerts on real causes: {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        await agent.StopAsync();
        await sleepy.StopAsync();
    }

    private static string Address(Agent agent) => $"127.0.0.1:{agent.Port}";

    private static Task SetLimitAsync(long limit) =>
        File.WriteAllTextAsync(LimitFile, limit.ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);

    // Waits until exactly these fire.
    private static async Task FireAsync(Prometheus prometheus, ShmSpace full, ShmSpace orphaned, string[] expected)
    {
        IReadOnlyList<Sample> firing = [];
        try
        {
            await Wait.UntilAsync("alerts", s_patience, async () =>
            {
                firing = await FiringAsync(prometheus, full, orphaned);
                return expected.SequenceEqual(Names(firing).Where(static name => name != WillFill));
            });
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"expected {string.Join(", ", expected)}; there are {Described(firing)}", e);
        }
    }

    private static IEnumerable<string> Names(IEnumerable<Sample> alerts) =>
        alerts.Select(static alert => alert["alertname"]!).Distinct().Order(StringComparer.Ordinal);

    private static string Described(IEnumerable<Sample> alerts) => string.Join(
        ", ", alerts.Select(static alert => alert["alertname"] + "{" + string.Join(", ", alert.Labels.Select(static label => $"{label.Key}={label.Value}")) + "}"));

    // Other mounts of the machine are their owners' business.
    private static async Task<IReadOnlyList<Sample>> FiringAsync(Prometheus prometheus, ShmSpace full, ShmSpace orphaned) =>
    [
        .. (await prometheus.AlertsAsync("firing"))
            .Where(alert => (alert.Labels.GetValueOrDefault("mount") is not { } mount || mount == full.Label || mount == orphaned.Label)
                && !s_ofTheMachine.Contains(alert["alertname"])),
    ];

    private static async Task AssertEveryPanelHasDataAsync(Prometheus prometheus, bool hasNarrow)
    {
        List<string> empty = [];
        foreach (PanelQuery query in PanelQueries.All().Where(query => !NeedsMore(query, hasNarrow)))
        {
            // A rate needs two scrapes, and a cause needs a storm that goes on.
            if ((await prometheus.QueryAsync($"last_over_time(({query.Expression})[30s:1s])")).Count == 0)
            {
                empty.Add($"{query.Dashboard}, {query.Panel}: {query.Expression}");
            }
        }

        Assert.Empty(empty);
    }

    // What of Shmem nothing explains is only known where every process can be looked into; a compiler may make no programs of 32 bits.
    private static bool NeedsMore(PanelQuery query, bool hasNarrow) => (query.Panel == "Address space of 32-bit members" && !hasNarrow)
        || (query.Panel == "What explains Shmem" && query.Expression == "sum(mapagent_host_shmem_unaccounted_bytes{job=~\".+\",instance=~\".+\"})"
            && !Directory.Exists("/proc/1/root/"));

    private static async Task ReloadAsync(Agent agent, string configuration)
    {
        await File.WriteAllTextAsync(agent.ConfigurationFile, configuration, TestContext.Current.CancellationToken);
        agent.Signal(Signals.Hangup);
    }

    private async Task<ChildProcess> StartFaulterAsync()
    {
        string file = Path.Combine(_folder.FullName, "file");
        byte[] content = new byte[32 << 20];
        Random.Shared.NextBytes(content);
        // Only what is on the disk can be forgotten.
        using (SafeFileHandle handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write))
        {
            await RandomAccess.WriteAsync(handle, content, 0);
            RandomAccess.FlushToDisk(handle);
        }

        ChildProcess process = ChildProcess.Start(await NativePrograms.PathAsync("faulter"), [file, "random"]);
        await Wait.UntilAsync("the mapping", s_patience, () => process.Output.StartsWith("ok", StringComparison.Ordinal));
        return process;
    }

    // Reads the file again and again, each time from the disk.
    private static async Task FaultAsync(ChildProcess faulter, CancellationToken calm)
    {
        for (int rounds = 1; !calm.IsCancellationRequested; rounds++)
        {
            await faulter.WriteLineAsync("cold");
            await Wait.UntilAsync("the reading", s_patience, () => faulter.Output.Count(static c => c == '\n') > rounds);
        }
    }
}
