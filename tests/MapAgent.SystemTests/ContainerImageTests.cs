using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>The container image, run as docs/container.md says.</summary>
public sealed class ContainerImageTests(AgentImage image) : IClassFixture<AgentImage>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int _port = Ports.Free();

    [Fact]
    public async Task It_holds_the_program_alone_and_no_shell()
    {
        string[] files = await AgentImage.FilesAsync();
        Assert.Contains("usr/bin/mapagent", files);
        Assert.DoesNotContain(files, static file => Regex.IsMatch(file, @"\.(dbg|debug|pdb|cs|csproj|json|xml|dll)$|mapagent.+|^(source|out)/"));
        Assert.DoesNotContain(files, static file => Regex.IsMatch(file, "bin/(sh|bash|dash|busybox|apt|apt-get|dpkg|perl|curl)$"));
        JsonElement config = image.Description.GetProperty("Config");
        Assert.Equal("1654:1654", config.GetProperty("User").GetString());
        Assert.Equal("""["/usr/bin/mapagent"]""", config.GetProperty("Entrypoint").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Contains("healthcheck", image.Description.GetProperty("Healthcheck").GetRawText(), StringComparison.Ordinal);
        string build = Path.Combine(Repository.Root, "Directory.Build.props");
        string properties = await File.ReadAllTextAsync(build, TestContext.Current.CancellationToken);
        string version = Regex.Match(properties, "<VersionPrefix>(.+)</VersionPrefix>").Groups[1].Value;
        JsonElement labels = config.GetProperty("Labels");
        Assert.Equal(version, labels.GetProperty("org.opencontainers.image.version").GetString());
        string revision = labels.GetProperty("org.opencontainers.image.revision").GetString()!;
        Assert.Equal($"{version}+{revision}", (await AgentImage.PodmanAsync("run", "--rm", "--network", "none", AgentImage.Name,
            "--version")).Split(' ')[^1]);
    }

    [Fact]
    public async Task Run_as_documented_it_sees_the_node_and_the_shared_memory_of_other_containers()
    {
        string foreign = Victim.UniqueComm();
        await using Victim victim = await Victim.StartUnprivilegedAsync(foreign, "private 4096", "undumpable");
        await using Podman others = await Podman.StartAsync();
        await others.StartAsync("neighbour", "--shm-size=3m", "write /dev/shm/torch_1 300");
        string device = ShmSpace.Mounts(await others.PidAsync("neighbour")).Last(static mount => mount.Point == "/dev/shm").Device;
        await image.StartAsync("agent", Documented("podman run"));
        Exposition page = await ScrapeUntilAsync(page => page.Value("mapagent_process_measured", ("group", foreign)) == 1
            && page.Find("mapagent_shm_used_bytes").Any(static sample => sample.Value == 300 * 1024));
        Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
        Sample size = Assert.Single(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 3 << 20);
        Assert.Equal(300 * 1024, page.Value("mapagent_shm_family_bytes", ("mount", size["mount"]!), ("family", "torch_*")));
        // Where the engine mounted it on the node, or the device when only the container's own view is open.
        Assert.True(size["mount"]!.EndsWith("/userdata/shm", StringComparison.Ordinal) || size["mount"] == $"/dev/shm[{device}]",
            size["mount"]);
        // Nobody is denied but what is denied to this machine's root as well.
        string[] denied = [.. page.Find("mapagent_process_unmeasured", ("reason", "denied")).Where(static sample => sample.Value > 0)
            .Select(static sample => sample["group"]!)];
        Assert.DoesNotContain(foreign, denied);
        Assert.True(denied.Length <= 2, string.Join(", ", denied));
        Assert.NotNull(page.Value("process_resident_memory_bytes"));
        Assert.NotEmpty(page.Find("mapagent_host_major_faults_total"));
        Figures.Report($"container, documented line: {page.Value("process_resident_memory_bytes") / 1e6:F1} MB resident, "
            + $"{page.Find("mapagent_processes").Length} groups");

        await AgentImage.PodmanAsync("healthcheck", "run", "agent");
        // A command by exec has none of the agent's arguments, and sees the node all the same.
        Assert.Contains("300 KiB of 3.0 MiB", await AgentImage.PodmanAsync("exec", "agent", "/usr/bin/mapagent", "shm"), StringComparison.Ordinal);
        int pid = int.Parse(await AgentImage.PodmanAsync("inspect", "-f", "{{.State.Pid}}", "agent"), CultureInfo.InvariantCulture);
        string[] status = await File.ReadAllLinesAsync($"/proc/{pid}/status", TestContext.Current.CancellationToken);
        // CAP_SYS_PTRACE is bit 19. No other capability can be had, and none can be gained.
        foreach (string set in new[] { "CapPrm", "CapEff", "CapBnd" })
        {
            Assert.Contains($"{set}:\t0000000000080000", status);
        }

        Assert.Contains("NoNewPrivs:\t1", status);
        long start = Stopwatch.GetTimestamp();
        await AgentImage.PodmanAsync("stop", "-t", "10", "agent");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 9);
        Assert.Equal("0", await AgentImage.PodmanAsync("inspect", "-f", "{{.State.ExitCode}}", "agent"));
        (_, string log, string errors) = await AgentImage.TryAsync("logs", "agent");
        Assert.DoesNotContain(" ERR ", log + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Podman_lets_it_run_as_nobody()
    {
        string foreign = Victim.UniqueComm();
        await using Victim victim = await Victim.StartUnprivilegedAsync(foreign, "private 4096");
        await image.StartAsync("agent-nobody", [.. Documented("podman run").Where(static argument => argument != "--user=0:0")]);
        Exposition page = await ScrapeUntilAsync(page => page.Value("mapagent_process_measured", ("group", foreign)) == 1);
        Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
        int pid = int.Parse(await AgentImage.PodmanAsync("inspect", "-f", "{{.State.Pid}}", "agent-nobody"), CultureInfo.InvariantCulture);
        string[] status = await File.ReadAllLinesAsync($"/proc/{pid}/status", TestContext.Current.CancellationToken);
        Assert.Contains("Uid:\t1654\t1654\t1654\t1654", status);
    }

    [Fact]
    public async Task Without_the_capability_others_are_denied_and_nothing_is_invented()
    {
        string foreign = Victim.UniqueComm();
        await using Victim victim = await Victim.StartUnprivilegedAsync(foreign, "private 4096");
        await image.StartAsync("agent-bare", [.. Documented("podman run").Where(static argument => argument != "--cap-add=SYS_PTRACE")]);
        Exposition page = await ScrapeUntilAsync(page => page.Value("mapagent_process_unmeasured", ("group", foreign),
            ("reason", "denied")) == 1);
        Assert.Null(page.Value("mapagent_process_pss_bytes", ("group", foreign)));
        Assert.InRange(page.Value("mapagent_process_rss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
    }

    [Fact]
    public async Task It_listens_on_loopback_alone_unless_it_is_told()
    {
        await image.StartAsync("agent-loopback", [.. Documented("podman run")
            .Where(static argument => !argument.StartsWith("--env=MAPAGENT_WEB", StringComparison.Ordinal))]);
        await Wait.UntilAsync("health", s_patience, static async () => (await AgentImage.TryAsync("healthcheck", "run",
            "agent-loopback")).ExitCode == 0);
        string pid = await AgentImage.PodmanAsync("inspect", "-f", "{{.State.Pid}}", "agent-loopback");
        // Addresses of sockets that listen (0A): one, 127.0.0.1:19256, and not the 8080 that the base announces.
        string[] ipv4 = await File.ReadAllLinesAsync($"/proc/{pid}/net/tcp", TestContext.Current.CancellationToken);
        string[] ipv6 = await File.ReadAllLinesAsync($"/proc/{pid}/net/tcp6", TestContext.Current.CancellationToken);
        string[] listening = [.. ipv4.Concat(ipv6)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words[3] == "0A").Select(static words => words[1])];
        Assert.Equal(["0100007F:4B38"], listening);
    }

    [Fact]
    public async Task Without_the_mount_it_says_what_is_missing()
    {
        (int code, _, string errors) = await AgentImage.TryAsync("run", "--rm", "--network", "none", "--read-only", AgentImage.Name,
            "--path.procfs=/host/proc");
        // podman has complaints of its own where systemd does not run.
        Assert.Equal(1, code);
        Assert.Contains("mapagent: --path.procfs: there is no directory \"/host/proc\"", errors.Split('\n'));
    }

    // The line in docs/container.md that starts with these words, without them, --detach and the name, for a port of this test, and with
    // passes quick enough for a test.
    private string[] Documented(string start)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "container.md")).Replace("\\\n", " ",
            StringComparison.Ordinal);
        string line = text.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];
        string[] words = ["--env=MAPAGENT_SAMPLING_INTERVAL=1s", "--env=MAPAGENT_SAMPLING_CPU_BUDGET=100%",
            .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word is not "--detach" && !word.StartsWith("--name=", StringComparison.Ordinal))
            .Select(word => word.StartsWith("localhost/mapagent:", StringComparison.Ordinal) ? AgentImage.Name : word.Replace("127.0.0.1:19256:", $"127.0.0.1:{_port}:",
                StringComparison.Ordinal))];
        Assert.Contains(AgentImage.Name, words);
        Assert.Contains(words, word => word == $"--publish=127.0.0.1:{_port}:19256");
        Assert.Contains("--user=0:0", words);
        Assert.Contains("--cap-drop=ALL", words);
        Assert.Contains("--cap-add=SYS_PTRACE", words);
        return words;
    }

    private Task<Exposition> ScrapeUntilAsync(Func<Exposition, bool> wanted) => Wait.ForAsync("the page of the container", s_patience,
        async () =>
    {
        try
        {
            Exposition page = ExpositionParser.Parse(await s_client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{_port}/metrics")),
                openMetrics: false);
            return wanted(page) ? page : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    });
}
