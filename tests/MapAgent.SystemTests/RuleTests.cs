using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What promtool says of the alert rules, their cases, and the queries of the dashboards.</summary>
public sealed class RuleTests
{
    [Fact]
    public async Task Promtool_finds_the_rules_good_and_every_case_as_it_should_be()
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["check", "rules", AlertRules.File]);
        Assert.True(code == 0, output + errors);
        (code, output, errors) = await ChildProcess.RunAsync("promtool", ["test", "rules", .. Directory.GetFiles(AlertRules.Tests, "*.yml")]);
        Assert.True(code == 0, output + errors);
    }

    [Theory]
    [InlineData("> 0.95", "> 0.99")]
    [InlineData("for: 30s", "for: 30m")]
    [InlineData("summary: A shm mount is almost full.", "summary: Almost full.")]
    public async Task A_changed_threshold_duration_or_text_fails_a_case(string text, string changed)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("tests"));
        string rules = await File.ReadAllTextAsync(AlertRules.File, TestContext.Current.CancellationToken);
        Assert.Contains(text, rules);
        folder.Write("mapagent.rules.yml", rules.Replace(text, changed));
        File.Copy(Path.Combine(AlertRules.Tests, "shm.yml"), folder.File("tests/shm.yml"));
        (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["test", "rules", folder.File("tests/shm.yml")]);
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
