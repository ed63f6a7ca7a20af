using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using k8s.Models;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Chart;

/// <summary>
/// The chart's security context, put on by hand as a kubelet puts it on: added capabilities are permitted and effective for uid 0, and
/// ambient for nobody. It is enough for what docs/helm.md promises, and for nothing more.
/// </summary>
public sealed class PodSecurityTests : IDisposable
{
    private const string Fast = "sampling: {interval: 200ms, cpu_budget: 100%}\nshm: {unreferenced_after: 1s}\n";
    private const string ForeignSpace =
        "mount -t tmpfs -o size=1m,mode=1777 tmpfs /dev/shm; exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\"";

    private readonly TemporaryFolder _folder = new();
    private readonly string _binary;

    public PodSecurityTests()
    {
        // The build's own folder may be closed to other users.
        _binary = _folder.File("mapagent");
        File.Copy(Agent.Binary, _binary);
    }

    [Fact]
    public async Task The_default_context_reads_rollups_and_the_shared_memory_of_all()
    {
        string foreign = Victim.UniqueComm();
        await using Victim victim = await Victim.StartUnprivilegedAsync(foreign, "private 4096", "undumpable");
        await using ShmSpace space = await ShmSpace.StartWithAsync(ForeignSpace, "hold /dev/shm/held 16", "unlink /dev/shm/held",
            "write /dev/shm/left 8");
        await using Agent agent = await Agent.StartAsync(configuration: Fast, command: [.. await ContextAsync("default"), _binary]);
        Exposition page = await agent.ScrapeUntilAsync("many passes", page => page.Value("mapagent_pass_duration_seconds_count") >= 20
            && page.Value("mapagent_process_measured", ("group", foreign)) == 1);
        Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
        Assert.Equal(1 << 20, space.Value(page, "size_bytes"));
        Assert.Equal(24 * 1024, space.Value(page, "used_bytes"));
        Assert.Equal(16 * 1024, space.Value(page, "unlinked_bytes"));
        // Descriptors of root's processes are open to uid 0 as their owner, those of others are not.
        Assert.Null(space.Value(page, "unreferenced_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task With_the_second_capability_it_tells_what_is_unreferenced()
    {
        await using ShmSpace space = await ShmSpace.StartWithAsync(ForeignSpace, "write /dev/shm/left 8");
        await using Agent agent = await Agent.StartAsync(configuration: Fast, command: [.. await ContextAsync("dac"), _binary]);
        Exposition page = await agent.ScrapeUntilAsync("the leftover", page => space.Value(page, "unreferenced_segments") == 1);
        Assert.Equal(8 * 1024, space.Value(page, "unreferenced_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task The_default_context_opens_neither_environments_nor_files_of_others_and_ends_nobody()
    {
        await using Victim victim = await Victim.StartUnprivilegedAsync(Victim.UniqueComm());
        string[] context = await ContextAsync("default");
        string pid = victim.Pid.ToString(CultureInfo.InvariantCulture);
        string secret = _folder.Write("secret", "secret");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        Assert.Equal(0, (await ChildProcess.RunAsync("chown", ["65534", secret])).ExitCode);
        foreach ((string[] command, bool allowed) in new (string[], bool)[]
        {
            (["cat", $"/proc/{pid}/smaps_rollup"], true),
            (["cat", $"/proc/{pid}/environ"], false),
            (["ls", $"/proc/{pid}/fd"], false),
            (["cat", $"/proc/{pid}/io"], false),
            (["cat", secret], false),
            (["kill", "-0", pid], false),
            (["mount", "-t", "tmpfs", "tmpfs", _folder.Path], false),
            (["chown", "0", secret], false),
            (["unshare", "-m", "true"], false),
        })
        {
            (int code, _, string errors) = await ChildProcess.RunAsync(context[0], [.. context[1..], .. command]);
            Assert.True(code == 0 == allowed, $"{string.Join(' ', command)}: {code} {errors}");
        }
    }

    [Fact]
    public async Task As_another_user_the_same_capability_is_worth_nothing()
    {
        string foreign = Victim.UniqueComm();
        await using Victim victim = await Victim.StartUnprivilegedAsync(foreign, "private 4096");
        await using Agent agent = await Agent.StartAsync(command: [.. await ContextAsync("default", user: 1654), _binary]);
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_process_unmeasured", ("group", foreign), ("reason", "denied")));
        Assert.Null(page.Value("mapagent_process_pss_bytes", ("group", foreign)));
        await agent.StopAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> ContextAsync(string name, int user = 0)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(ChartRenderer.Chart,
            Path.Combine(ChartRenderer.Chart, "ci", name + ".yaml"));
        V1SecurityContext context = rendering.OfKind("DaemonSet").Select(Manifests.Read).Cast<V1DaemonSet>()
            .Single().Spec.Template.Spec.Containers[0].SecurityContext;
        Assert.Equal((0, 0), (context.RunAsUser, context.RunAsGroup));
        Assert.False(context.AllowPrivilegeEscalation);
        string capabilities = string.Concat(context.Capabilities.Add
            .Select(static capability => $",+{capability.ToLower(CultureInfo.InvariantCulture)}"));
        return ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--inh-caps=-all", "--ambient-caps=-all",
            $"--bounding-set=-all{capabilities}", "--no-new-privs"];
    }
}
