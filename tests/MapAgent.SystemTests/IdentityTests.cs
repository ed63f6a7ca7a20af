using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Units, containers and pods in metrics, JSON and commands; sources of names that work, lie, hang or are gone.</summary>
public sealed class IdentityTests
{
    private const string Uid = "6d8edbf3-1c2d-4e5f-8a9b-0c1d2e3f4a5b";

    [Fact]
    public async Task A_node_s_pods_are_in_the_first_snapshot_by_the_names_of_their_logs()
    {
        using KubernetesNode node = KubernetesNode.WithPods();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs],
            new() { ["MAPAGENT_KUBERNETES_LOGS"] = node.Logs, ["MAPAGENT_SAMPLING_INTERVAL"] = "1h" });

        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(3, page.Value("mapagent_processes", ("group", "nginx"), ("namespace", "prod"), ("pod", "web-7d4b9c8f6d-x2x9k"), ("container", "app")));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "envoy"), ("pod", "web-7d4b9c8f6d-x2x9k"), ("container", "proxy")));
        Assert.Equal(3 * 60_000 * 1024, page.Value("mapagent_process_pss_bytes", ("group", "postgres"), ("pod", "db-0"), ("container", "postgres")));
        Assert.Equal(1, page.Value("mapagent_processes", ("group", "etcd"), ("namespace", "kube-system"), ("pod", "etcd-node1"), ("container", "etcd")));
        Assert.Equal(0, page.Value("mapagent_identity_unnamed_pods"));
        Assert.Null(Assert.Single(page.Find("mapagent_processes"), static sample => sample["group"] == "kubelet")["namespace"]);
        // What keeps a pod has no name of its own.
        Assert.All(page.Find("mapagent_processes").Where(static sample => sample["group"] == "pause"),
            static sample => Assert.True(sample["pod"] is not null && sample["container"] is null));
        using JsonDocument groups = JsonDocument.Parse(await agent.GetAsync("/api/v1/groups"));
        JsonElement envoy = Assert.Single(groups.RootElement.GetProperty("groups").EnumerateArray(), static group => group.GetProperty("group").GetString() == "envoy");
        Assert.Equal(("prod", 64), (envoy.GetProperty("namespace").GetString(), envoy.GetProperty("container_id").GetString()!.Length));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_pod_that_comes_later_is_named_and_never_counted_without_its_name()
    {
        using KubernetesNode node = KubernetesNode.WithPods();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs],
            new() { ["MAPAGENT_KUBERNETES_LOGS"] = node.Logs, ["MAPAGENT_SAMPLING_INTERVAL"] = "4s" });
        node.AddPod("jobs", "sum-x1", Uid, "besteffort", true, ("sum", ["summer"]));

        Exposition page = await agent.ScrapeUntilAsync("the new pod", static page => page.Find("mapagent_processes").Any(static sample => sample["group"] == "summer"));
        Sample summer = Assert.Single(page.Find("mapagent_processes"), static sample => sample["group"] == "summer");
        Assert.Equal(("jobs", "sum-x1", "sum"), (summer["namespace"], summer["pod"], summer["container"]));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Commands_show_and_judge_identity()
    {
        using KubernetesNode node = KubernetesNode.WithPods();
        string procfs = "--path.procfs=" + node.Procfs;
        using TemporaryFolder folder = new();
        string configuration = "--config.file=" + folder.Write("a.yaml",
            $"kubernetes: {{logs: {node.Logs}}}\nprocess_names: [{{name: web, namespace: ['pro*'], pod: ['web-*'], container: [app]}}]\nchildren: false\n");

        (int code, string table, string errors) = await Agent.RunAsync("once", "--format=table", procfs, configuration);
        Assert.True(code == 0, errors);
        Assert.Contains("web (prod/web-7d4b9c8f6d-x2x9k/app)", table, StringComparison.Ordinal);
        Assert.Equal(2, table.TrimEnd().Split('\n').Length);

        (code, string doctor, _) = await Agent.RunAsync("doctor", procfs, configuration);
        Assert.Equal(0, code);
        Assert.Contains("7 containers and 3 pods", doctor, StringComparison.Ordinal);
        Assert.Contains("good     all 3 pods are known by name", doctor, StringComparison.Ordinal);
        Assert.Contains("good     names from logs", doctor, StringComparison.Ordinal);

        (code, doctor, _) = await Agent.RunAsync("doctor", procfs, "--config.file=" + folder.Write("b.yaml", $"kubernetes: {{logs: {folder.Path}/none}}\n"));
        Assert.Equal(0, code);
        Assert.Contains("missing  names from logs", doctor, StringComparison.Ordinal);
        Assert.Contains("mend: mount the node's", doctor, StringComparison.Ordinal);
        Assert.Contains("missing  the names of 3 of 3 pods", doctor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_logs_the_kubelet_s_mounts_tell_the_container_and_nothing_else_is_made_up()
    {
        using KubernetesNode node = KubernetesNode.WithPods();
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs],
            new() { ["MAPAGENT_KUBERNETES_LOGS"] = "/nowhere", ["MAPAGENT_SAMPLING_INTERVAL"] = "1h" });
        Exposition page = await agent.ScrapeAsync();

        Sample etcd = Assert.Single(page.Find("mapagent_processes"), static sample => sample["group"] == "etcd");
        Assert.Equal((null, null, "etcd"), (etcd["namespace"], etcd["pod"], etcd["container"]));
        Assert.Equal(3, page.Value("mapagent_identity_unnamed_pods"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_kubelet_names_the_pods_asked_with_a_token_that_is_renewed()
    {
        using KubernetesNode node = new();
        string id = node.AddPod("prod", "web-0", Uid, "burstable", false, ("app", ["nginx"]))[0];
        await using FakeKubelet kubelet = new() { Answer = FakeKubelet.Status("200 OK", KubernetesNode.PodList(("prod", "web-0", Uid, "app", id))) };
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs], configuration: kubelet.Configuration("kubelet"));
        Exposition page = await agent.ScrapeUntilAsync("names", static page => page.Find("mapagent_processes").Any(static sample => sample["pod"] == "web-0"));

        Assert.Equal(1, page.Value("mapagent_processes", ("group", "nginx"), ("namespace", "prod"), ("container", "app")));
        Assert.Contains("GET /pods HTTP/1.1", kubelet.Requests.First(), StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer first-token\r\n", kubelet.Requests.First(), StringComparison.Ordinal);
        kubelet.RenewToken("second-token");
        await Wait.UntilAsync("the new token", TimeSpan.FromSeconds(30), () => kubelet.Requests.Any(static head => head.Contains("Bearer second-token", StringComparison.Ordinal)));
        Assert.True((await agent.ScrapeAsync()).Value("mapagent_identity_lookups_total", ("source", "kubelet"), ("outcome", "ok")) > 0);
        await agent.StopAsync();
    }

    [Fact]
    public async Task The_API_server_is_asked_for_the_pods_of_this_node_alone()
    {
        using KubernetesNode node = new();
        string id = node.AddPod("prod", "web-0", Uid, "burstable", false, ("app", ["nginx"]))[0];
        await using FakeKubelet server = new() { Answer = FakeKubelet.Status("200 OK", KubernetesNode.PodList(("prod", "web-0", Uid, "app", id))) };
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs], configuration: server.Configuration("api"));
        await agent.ScrapeUntilAsync("names", static page => page.Find("mapagent_processes").Any(static sample => sample["pod"] == "web-0"));

        Assert.All(server.Requests, static head =>
            Assert.StartsWith("GET /api/v1/pods?resourceVersion=0&fieldSelector=spec.nodeName%3Dnode1 HTTP/1.1\r\n", head, StringComparison.Ordinal));
        await agent.StopAsync();
    }

    [Theory]
    [InlineData("401", "denied")]
    [InlineData("500", "failed")]
    [InlineData("redirect", "failed")]
    [InlineData("garbage", "malformed")]
    [InlineData("truncated", "malformed")]
    [InlineData("silent", "timeout")]
    [InlineData("slow", "timeout")]
    [InlineData("endless", "too_large")]
    [InlineData("stranger", "untrusted")]
    [InlineData("gone", "gone")]
    public async Task A_kubelet_that_fails_is_counted_and_backed_off_from_and_no_pass_waits_for_it(string how, string outcome)
    {
        using KubernetesNode node = new();
        string id = node.AddPod("prod", "web-0", Uid, "burstable", false, ("app", ["nginx"]))[0];
        string pods = KubernetesNode.PodList(("prod", "web-0", Uid, "app", id));
        await using FakeKubelet kubelet = new() { Answer = Answer(how, pods) };
        await using FakeKubelet stranger = new();
        string rest = how == "stranger" ? ", kubelet_ca_file: " + stranger.AuthorityFile : how == "endless" ? ", timeout: 30s" : "";
        if (how == "gone")
        {
            kubelet.Leave();
        }

        string configuration = kubelet.Configuration("kubelet", rest);
        configuration = how == "endless" ? configuration.Replace("timeout: 1s, ", "", StringComparison.Ordinal) : configuration;
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + node.Procfs], configuration: configuration);
        Exposition page = await agent.ScrapeUntilAsync(outcome,
            page => page.Value("mapagent_identity_lookups_total", ("source", "kubelet"), ("outcome", outcome)) >= 1);
        double passes = page.Value("mapagent_pass_duration_seconds_count")!.Value;
        page = await agent.ScrapeUntilAsync("ten passes", page => page.Value("mapagent_pass_duration_seconds_count") >= passes + 10);

        // Ten passes are two seconds: with a lookup in each second there would be more.
        double lookups = page.Find("mapagent_identity_lookups_total").Sum(static sample => sample.Value);
        Assert.InRange(lookups, 1, 8);
        Assert.Equal(lookups, page.Value("mapagent_identity_lookups_total", ("source", "kubelet"), ("outcome", outcome)));
        Assert.Null(Assert.Single(page.Find("mapagent_processes"), static sample => sample["group"] == "nginx")["pod"]);
        Assert.Equal(1, page.Value("mapagent_identity_unnamed_pods"));
        // An answer without end is read in pieces.
        Assert.InRange(Kernel.Rollup(agent.Pid)["Rss"], 1, 200L << 20);
        Assert.Single(agent.Log.Split('\n'), line => line.Contains($"No names from kubelet ({outcome})", StringComparison.Ordinal));
        await agent.StopAsync();
    }

    private static Func<Stream, CancellationToken, Task> Answer(string how, string pods) => how switch
    {
        "401" => FakeKubelet.Status("401 Unauthorized", "Unauthorized"),
        "500" => FakeKubelet.Status("500 Internal Server Error", pods),
        "redirect" => FakeKubelet.Status("302 Found\r\nLocation: /pods", pods),
        "garbage" => FakeKubelet.Status("200 OK", "<html>\u0000"),
        "truncated" => (stream, cancel) => stream.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {pods.Length}\r\n\r\n{pods[..^20]}"), cancel).AsTask(),
        "silent" => static (_, cancel) => Task.Delay(Timeout.Infinite, cancel),
        "slow" => (stream, cancel) => TrickleAsync(stream, pods, cancel),
        "endless" => NeverEndAsync,
        _ => FakeKubelet.Status("200 OK", pods),
    };

    private static async Task TrickleAsync(Stream stream, string pods, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {pods.Length}\r\n\r\n"), cancel);
        foreach (char one in pods)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes([one]), cancel);
            await Task.Delay(100, cancel);
        }
    }

    private static async Task NeverEndAsync(Stream stream, CancellationToken cancel)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"items\":["u8.ToArray(), cancel);
        byte[] item = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"metadata\":{}},", 4096)));
        while (!cancel.IsCancellationRequested)
        {
            await stream.WriteAsync(item, cancel);
        }
    }

    [Fact]
    public async Task Containers_of_a_real_engine_show_their_ids()
    {
        await using Podman podman = await Podman.StartAsync();
        await podman.StartAsync("first", "--shm-size=5m", "write /dev/shm/file 301");
        int pid = await podman.PidAsync("first");
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 200ms}\nprocess_names: [{name: mine, comm: [shmuser]}]\nlimits: {label_length: 512}\nlabels: {container_id: all}\n");
        Exposition page = await agent.ScrapeUntilAsync("the container", static page => page.Find("mapagent_shm_size_bytes").Any(static sample => sample.Value == 5 << 20));

        (_, string output, string errors) = await Agent.RunAsync("inspect", pid.ToString(System.Globalization.CultureInfo.InvariantCulture), "--format=json");
        using JsonDocument told = JsonDocument.Parse(output.Length > 0 ? output : throw new InvalidOperationException(errors));
        string id = told.RootElement.GetProperty("container_id").GetString()!;
        Assert.Equal(("podman", 64), (told.RootElement.GetProperty("runtime").GetString(), id.Length));
        Assert.Contains(page.Find("mapagent_processes"), sample => sample["group"] == "mine" && sample["container"] == id[..12]);
        Sample mount = Assert.Single(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 5 << 20);
        Assert.Equal((id[..12], null), (mount["container"], mount["pod"]));
        JsonElement shm = await ShmJson.MountAsync(agent, mount["mount"]!);
        Assert.Equal(id, Assert.Single(shm.GetProperty("container_ids").EnumerateArray()).GetString());
        (_, string table, _) = await Agent.RunAsync("inspect", pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("podman " + id, table, StringComparison.Ordinal);
        await agent.StopAsync();
    }
}
