using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What promtool says of the alert rules, their cases, and the queries of the dashboards.</summary>
public sealed class RuleTests
{
    // Seconds of work: hours of rules are evaluated. A busy machine takes longer.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Promtool_finds_the_rules_good_and_every_case_as_it_should_be()
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["check", "rules", AlertRules.File]);
        Assert.True(code == 0, output + errors);
        (code, output, errors) = await ChildProcess.RunAsync("promtool", ["test", "rules", .. Directory.GetFiles(AlertRules.Tests, "*.yml")], patience: s_patience);
        Assert.True(code == 0, output + errors);
    }

    [Theory]
    [InlineData("> 0.95", "> 0.99")]
    [InlineData("for: 30s", "for: 30m")]
    [InlineData("summary: A shm mount is almost full.", "summary: Almost full.")]
    public async Task A_changed_threshold_duration_or_text_fails_a_case(string text, string changed)
    {
        using TemporaryFolder folder = new();
        string rules = await File.ReadAllTextAsync(AlertRules.File, TestContext.Current.CancellationToken);
        Assert.Contains(text, rules);
        folder.Write("mapagent.rules.yml", rules.Replace(text, changed));
        string cases = await File.ReadAllTextAsync(Path.Combine(AlertRules.Tests, "shm.yml"), TestContext.Current.CancellationToken);
        const string name = "\n  - name: ";
        string[] parts = cases.Replace("../mapagent.rules.yml", "mapagent.rules.yml").Split(name);
        string[] chosen = [parts[0], .. parts.Where(static part => part.StartsWith("MapAgentShmAlmostFull", StringComparison.Ordinal))];
        Assert.Equal(3, chosen.Length);
        string file = folder.Write("shm.yml", string.Join(name, chosen) + "\n");
        (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["test", "rules", file], patience: s_patience);
        Assert.True(code != 0, output);
        Assert.Contains("MapAgentShmAlmostFull fires", output + errors);
    }

    [Fact]
    public async Task Every_query_of_every_panel_is_valid()
    {
        using TemporaryFolder folder = new();
        string rules = string.Concat(PanelQueries.All().Select(static (query, i) => $"      - {{record: 'panel:query:{i}', expr: '{query.Expression.Replace("'", "''")}'}}\n"));
        string file = folder.Write("panels.yml", "groups:\n  - name: panels\n    rules:\n" + rules);
        (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["check", "rules", file]);
        Assert.True(code == 0, output + errors);
    }
}
