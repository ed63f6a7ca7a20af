using System;
using System.IO;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What is shown with fewer rights: less, and never an invented number.</summary>
public sealed class PrivilegeTests : IDisposable
{
    private static readonly string[] s_nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _binary;

    public PrivilegeTests()
    {
        // The build's own folder may be closed to other users.
        _binary = _folder.File("mapagent");
        File.Copy(Agent.Binary, _binary);
    }

    [Fact]
    public async Task An_unprivileged_agent_measures_its_own_user_and_counts_the_others_as_denied()
    {
        string own = Victim.UniqueComm();
        string foreign = Victim.UniqueComm();
        await using Victim mine = await Victim.StartUnprivilegedAsync(own, "private 4096");
        await using Victim other = await Victim.StartAsync(foreign, "private 4096");
        await using Agent agent = await Agent.StartAsync(command: [.. s_nobody, "--inh-caps=-all", _binary]);
        Exposition page = await agent.ScrapeUntilAsync("the rollup", page => page.Value("mapagent_process_measured", ("group", own)) == 1);

        Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", own))!.Value, 4096 * 1024, 8192 * 1024);
        Assert.Equal(1, page.Value("mapagent_processes", ("group", foreign)));
        Assert.InRange(page.Value("mapagent_process_rss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
        Assert.Equal(1, page.Value("mapagent_process_unmeasured", ("group", foreign), ("reason", "denied")));
        Assert.Equal(0, page.Value("mapagent_process_measured", ("group", foreign)));
        foreach (string family in new[] { "pss", "uss", "rollup_rss", "swap", "pss_component", "rss_component", "huge", "locked", "referenced" })
        {
            Assert.Empty(page.Find($"mapagent_process_{family}_bytes", ("group", foreign)));
        }

        Assert.Empty(page.Find("mapagent_process_rollup_age_seconds", ("group", foreign)));
        Assert.InRange(page.Value("mapagent_reads_total", ("file", "smaps_rollup"), ("outcome", "denied"))!.Value, 1, double.MaxValue);
        Assert.Contains("may not be measured with these privileges", agent.Log, StringComparison.Ordinal);
        await agent.StopAsync();
    }

    [Fact]
    public async Task One_capability_opens_the_processes_of_other_users()
    {
        string foreign = Victim.UniqueComm();
        await using Victim other = await Victim.StartAsync(foreign, "private 4096", "undumpable");
        await using Agent agent = await Agent.StartAsync(command:
            [.. s_nobody, "--inh-caps=-all,+sys_ptrace", "--ambient-caps=-all,+sys_ptrace", "--bounding-set=-all,+sys_ptrace", "--no-new-privs", _binary]);
        Exposition page = await agent.ScrapeUntilAsync("the rollup", page => page.Value("mapagent_process_measured", ("group", foreign)) == 1);
        Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", foreign))!.Value, 4096 * 1024, 8192 * 1024);
        await agent.StopAsync();
    }

    [Fact]
    public async Task Root_without_capabilities_is_denied_like_anybody()
    {
        string foreign = Victim.UniqueComm();
        await using Victim other = await Victim.StartUnprivilegedAsync(foreign, "private 4096");
        await using Agent agent = await Agent.StartAsync(command: ["setpriv", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", _binary]);
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_process_unmeasured", ("group", foreign), ("reason", "denied")));
        Assert.Null(page.Value("mapagent_process_pss_bytes", ("group", foreign)));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Doctor_names_the_missing_capability_and_is_content_with_it()
    {
        await using Victim other = await Victim.StartAsync(Victim.UniqueComm());
        (int code, string output, string errors) = await ChildProcess.RunAsync(s_nobody[0], [.. s_nobody[1..], "--inh-caps=-all", _binary, "doctor"]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("processes are denied", output, StringComparison.Ordinal);
        Assert.Contains("mend: run with CAP_SYS_PTRACE", output, StringComparison.Ordinal);

        (code, output, _) = await ChildProcess.RunAsync(
            s_nobody[0], [.. s_nobody[1..], "--inh-caps=-all,+sys_ptrace", "--ambient-caps=-all,+sys_ptrace", _binary, "doctor"]);
        Assert.Equal(0, code);
        Assert.Contains("CAP_SYS_PTRACE", output, StringComparison.Ordinal);
        Assert.DoesNotContain("mend: run with CAP_SYS_PTRACE", output, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
