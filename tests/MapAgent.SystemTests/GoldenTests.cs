using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>
/// The whole public surface of one small node, byte by byte. What depends on the clock or the build is left out by name.
/// UPDATE_GOLDEN=1 rewrites the files; then the diff is what must be reviewed.
/// </summary>
public sealed partial class GoldenTests
{
    private static readonly string[] s_volatile =
    [
        "mapagent_pass_duration_seconds", "mapagent_rollup_read_seconds", "mapagent_pass_cpu_seconds", "mapagent_rollup_cpu_seconds", "mapagent_deep_read_cpu_seconds",
        "mapagent_snapshot_timestamp_seconds", "mapagent_config_last_reload_success_timestamp_seconds", "mapagent_process_rollup_age_seconds",
    ];

    [Theory]
    [InlineData(false, "golden.prom")]
    [InlineData(true, "golden.openmetrics")]
    public async Task A_captured_node_gives_the_page_that_was_reviewed(bool openMetrics, string name)
    {
        await using Agent agent = await StartAsync();
        byte[] body = await agent.PageAsync(openMetrics);
        await agent.StopAsync();
        ExpositionParser.Parse(body, openMetrics);
        string page = Steady(Encoding.UTF8.GetString(body));
        string golden = Repository.Fixture(name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), page);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_about_the_page()
    {
        await using Agent agent = await StartAsync();
        string page = Encoding.UTF8.GetString(await agent.PageAsync());
        await agent.StopAsync();
        Assert.Equal((0, "", ""), await ChildProcess.RunAsync("promtool", ["check", "metrics"], input: page));
    }

    [Fact]
    public async Task Both_formats_hold_the_same_samples()
    {
        await using Agent agent = await StartAsync();
        string[] text = [.. Keys(await agent.ScrapeAsync())];
        string[] openMetrics = [.. Keys(await agent.ScrapeAsync(openMetrics: true))];
        await agent.StopAsync();
        Assert.Equal(text, openMetrics);
    }

    [Fact]
    public async Task Two_agents_show_the_same_page()
    {
        await using Agent first = await StartAsync();
        await using Agent second = await StartAsync();
        Assert.Equal(
            Steady(Encoding.UTF8.GetString(await first.PageAsync())), Steady(Encoding.UTF8.GetString(await second.PageAsync())));
    }

    private static Task<Agent> StartAsync() =>
        Agent.StartAsync(["--path.procfs=" + Repository.Fixture("proc")], new Dictionary<string, string> { ["MAPAGENT_SAMPLING_INTERVAL"] = "1h" });

    private static IEnumerable<string> Keys(Exposition page) => page.Samples
        .Where(static sample => !s_volatile.Any(name => sample.Name.StartsWith(name, StringComparison.Ordinal)))
        .Select(static sample => $"{sample.Key} {sample.Value}").Order(StringComparer.Ordinal);

    private static string Steady(string page)
    {
        IEnumerable<string> lines = page.TrimEnd('\n').Split('\n')
            .Where(static line => !s_volatile.Any(name => line.StartsWith(name, StringComparison.Ordinal)
                || line.Contains($" {name}", StringComparison.Ordinal)));
        return BuildLabels().Replace(string.Join('\n', lines) + "\n", "$1=\"\"");
    }

    [GeneratedRegex("\\b(version|revision|runtime)=\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex BuildLabels();
}
