using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What a person at a terminal or in a script sees.</summary>
public sealed class CommandTests
{
    private static readonly string[] s_commands = ["run", "once", "check", "doctor", "inspect", "shm", "top", "healthcheck"];

    [Fact]
    public async Task Once_prints_the_same_groups_in_three_formats()
    {
        string procfs = "--path.procfs=" + Repository.Fixture("proc");
        (int code, string text, string errors) = await Agent.RunAsync("once", "--format=prometheus", procfs);
        Assert.Equal(0, code);
        Assert.Contains("8 processes measured in", errors, StringComparison.Ordinal);
        Exposition page = ExpositionParser.Parse(Encoding.UTF8.GetBytes(text));
        string[] groups = [.. page.Find("mapagent_processes").Select(static s => s["group"]!).Order(StringComparer.Ordinal)];
        Assert.Equal(7, groups.Length);

        (code, string json, _) = await Agent.RunAsync("once", "--format=json", procfs);
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(json);
        IEnumerable<string> inJson = document.RootElement.GetProperty("groups").EnumerateArray().Select(static group => group.GetProperty("group").GetString()!);
        Assert.Equal(groups, inJson.Order(StringComparer.Ordinal));

        (code, string table, _) = await Agent.RunAsync("once", "--format=table", procfs);
        Assert.Equal(0, code);
        string[] lines = table.TrimEnd('\n').Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Single(lines.Select(static line => line.Length).Distinct());
    }

    [Fact]
    public async Task Check_finds_every_error_in_one_run()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("bad.yaml", """
            process_names:
              - name: "{{.Nope}}"
                comm: [a]
              - cmdline: ['(unclosed']
                comm: 5
              - name: nothing
              - comm: [b]
                min_rss: many
            sampling:
              intervall: 5s
              cpu_budget: 900%
            limits: {groups: -1}
            colour: red
            """);
        (int code, string output, string errors) = await Agent.RunAsync("check", "--config.file=" + file);
        Assert.Equal((1, ""), (code, output));
        string[] lines = errors.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches($"^{file}:[0-9]+: .+", line));
        int[] numbers = [.. lines.Select(static line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Order()];
        Assert.Equal([2, 4, 5, 6, 8, 10, 11, 12, 13], numbers);
        Assert.Contains("did you mean interval?", errors, StringComparison.Ordinal);

        (code, _, string refused) = await Agent.RunAsync("run", "--config.file=" + file);
        Assert.Equal(1, code);
        Assert.Equal(lines.Length, refused.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Check_is_content_with_a_good_file_and_with_none()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("good.yaml", "process_names: [{comm: [a], min_rss: 10MiB, min_age: 30s}]\nsampling: {interval: 1m30s}\n");
        (int code, string output, string errors) = await Agent.RunAsync("check", "--config.file=" + file);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("1 rule", output, StringComparison.Ordinal);
        (code, _, errors) = await Agent.RunAsync("check");
        Assert.Equal((0, ""), (code, errors));
    }

    [Theory]
    [InlineData(1, "--nonsense")]
    [InlineData(1, "once", "--format=xml")]
    [InlineData(1, "--config.file=/nonexistent/file.yaml")]
    [InlineData(1, "check", "--config.file=/nonexistent/file.yaml")]
    [InlineData(1, "--path.procfs=/nonexistent")]
    [InlineData(1, "--web.listen-address=nowhere")]
    [InlineData(1, "--web.telemetry-path=metrics")]
    [InlineData(1, "--log.level=loud")]
    [InlineData(1, "--log.format=xml")]
    [InlineData(1, "frobnicate")]
    [InlineData(2, "--web.listen-address=192.0.2.1:19999")]
    public async Task What_cannot_be_done_is_said_in_plain_lines(int expected, params string[] arguments)
    {
        (int code, string output, string errors) = await Agent.RunAsync(arguments);
        Assert.Equal((expected, ""), (code, output));
        string[] lines = errors.TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 1, 2);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_flags_are_named_at_once()
    {
        (int code, _, string errors) = await Agent.RunAsync("--log.level=loud", "--log.format=xml", "--path.procfs=/nonexistent");
        Assert.Equal(1, code);
        Assert.Equal(3, errors.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_the_machines_fault()
    {
        await using Agent agent = await Agent.StartAsync();
        (int code, string output, string errors) = await Agent.RunAsync($"--web.listen-address=127.0.0.1:{agent.Port}");
        Assert.Equal((2, ""), (code, output));
        string line = Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.Contains(agent.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await agent.StatusAsync("/-/ready"));
    }

    [Fact]
    public async Task Help_lists_the_commands_and_version_is_one_line()
    {
        (int code, string help, string errors) = await Agent.RunAsync("--help");
        Assert.Equal((0, ""), (code, errors));
        Assert.All(s_commands, command => Assert.Contains($"\n  {command} ", help, StringComparison.Ordinal));
        foreach (string flag in new[] { "--config.file", "--web.listen-address", "--web.telemetry-path", "--path.procfs", "--log.level", "--log.format" })
        {
            Assert.Contains(flag, help, StringComparison.Ordinal);
        }

        (code, string version, errors) = await Agent.RunAsync("--version");
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches("^(mapagent )?[0-9]+\\.[0-9]+\\.[0-9]+[^\\n]*\\n$", version);
    }

    [Fact]
    public async Task Healthcheck_tells_a_running_agent_from_none()
    {
        await using Agent agent = await Agent.StartAsync();
        string address = $"--web.listen-address=127.0.0.1:{agent.Port}";
        Assert.Equal((0, "", ""), await Agent.RunAsync("healthcheck", address));
        await agent.StopAsync();
        (int code, string output, string errors) = await Agent.RunAsync("healthcheck", address);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task The_environment_stands_in_for_flags_and_flags_win()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("mapagent.yaml", "process_names: [{name: fixed, cmdline: ['.*']}]\n");
        Dictionary<string, string> environment = new()
        {
            ["MAPAGENT_PATH_PROCFS"] = Repository.Fixture("proc"),
            ["MAPAGENT_CONFIG_FILE"] = file,
            ["MAPAGENT_WEB_TELEMETRY_PATH"] = "/numbers",
            ["MAPAGENT_LOG_FORMAT"] = "xml",
        };
        await using Agent agent = await Agent.StartAsync(["--log.format=json"], environment);
        Assert.Equal(HttpStatusCode.NotFound, await agent.StatusAsync("/metrics"));
        Exposition page = ExpositionParser.Parse(Encoding.UTF8.GetBytes(await agent.GetAsync("/numbers")));
        Assert.Equal(8, page.Value("mapagent_processes", ("group", "fixed")));
        Assert.All(agent.Log.TrimEnd('\n').Split('\n'), static line => JsonDocument.Parse(line).Dispose());
        await agent.StopAsync();

        (int code, _, string errors) = await ChildProcess.RunAsync(
            Agent.Binary, ["check"], new Dictionary<string, string> { ["MAPAGENT_SAMPLING_INTERVAL"] = "soon" });
        Assert.Equal(1, code);
        Assert.Contains("MAPAGENT_SAMPLING_INTERVAL", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_tells_what_can_be_read_here()
    {
        (int code, string output, string errors) = await Agent.RunAsync("doctor");
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("selected processes give their rollup", output, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_PTRACE", output, StringComparison.Ordinal);
        using TemporaryFolder empty = new();
        // What holds no process is no procfs, and an agent that measures it would be well and say nothing.
        (code, _, errors) = await Agent.RunAsync("doctor", "--path.procfs=" + empty.Path);
        Assert.Equal((1, $"mapagent: --path.procfs: there is no process in \"{empty.Path}\", so it is no procfs; where the node's is mounted at /host/proc, give that\n"), (code, errors));
        Directory.CreateDirectory(empty.File("1"));
        (code, output, _) = await Agent.RunAsync("doctor", "--path.procfs=" + empty.Path);
        Assert.Equal(0, code);
        Assert.Contains("missing  vmstat cannot be read", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_procfs_that_is_mounted_read_only_tells_all_that_another_tells()
    {
        // As containers have the node's. Two runs differ in what they count, but not in what is good and what is missing.
        static string[] Verdicts(string output) =>
            [.. output.Split('\n').Where(static line => line.StartsWith("good ", StringComparison.Ordinal) || line.StartsWith("missing ", StringComparison.Ordinal))
                .Select(static line => string.Concat(line.Where(static c => !char.IsDigit(c))))];
        using TemporaryFolder folder = new();
        const string script = "mount --rbind /proc \"$1\" && mount -o remount,bind,ro \"$1\" && exec \"$2\" doctor --path.procfs=\"$1\"";
        (int code, string output, string errors) = await ChildProcess.RunAsync(
            "unshare", ["-m", "--propagation", "private", "sh", "-ec", script, "sh", folder.Path, Agent.Binary]);
        Assert.True(code == 0, errors);
        Assert.Equal(Verdicts((await Agent.RunAsync("doctor")).Output), Verdicts(output));
    }
}
