using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Alerts;

/// <summary>The rule file against the agent, its runbooks, its tests and its document.</summary>
public sealed class AlertTests
{
    // Where the pages are. Those who keep them elsewhere put an address before it, see docs/alerts.md.
    private const string Runbooks = "docs/runbooks/";

    private static readonly string[] s_sections = ["What it means", "How to see it", "How to mend it", "When it is a false alarm"];

    public static TheoryData<string> Names => [.. RuleFile.Alerts.Select(static alert => alert.Name)];

    [Fact]
    public void Rules_name_only_what_the_agent_exports()
    {
        Assert.NotEmpty(RuleFile.Records);
        Assert.Empty(RuleFile.Alerts.Select(static alert => (alert.Name, alert.Expression)).Concat(RuleFile.Records.Select(static record => (record.Key, record.Value)))
            .SelectMany(static rule => Exported.Mistakes(rule.Item2).Select(mistake => $"{rule.Item1}: {mistake}")));
    }

    [Theory]
    [InlineData("mapagent_process_psss_bytes", "no family is called mapagent_process_psss_bytes")]
    [InlineData("sum by (grp) (mapagent_processes)", "nothing in the expression has the label grp")]
    [InlineData("mapagent_processes{mount=\"/dev/shm\"}", "mapagent_processes has no label mount")]
    [InlineData("mapagent_process_fault_cause{cause=~\"refault|swapin\"}", "cause of mapagent_process_fault_cause is never swapin")]
    [InlineData("rate(mapagent_pass_duration_seconds[5m])", "no family is called mapagent_pass_duration_seconds")]
    [InlineData("{__name__=~\"mapagnt_.+\"}", "no family is called mapagnt_.+")]
    [InlineData("mapagent_processes / on (job, mount) mapagent_mappings_limit", "nothing in the expression has the label mount")]
    public void A_wrong_name_or_label_is_seen(string expression, string mistake) => Assert.Equal([mistake], Exported.Mistakes(expression));

    [Fact]
    public void Names_are_unique_and_begin_with_the_agents() =>
        Assert.All(RuleFile.Alerts, static alert => Assert.Single(RuleFile.Alerts, other => other.Name == alert.Name && alert.Name.StartsWith("MapAgent", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_says_how_grave_it_is_what_it_is_where_it_is_and_what_to_do(string name)
    {
        Alert alert = RuleFile.Alerts.Single(alert => alert.Name == name);
        Assert.Contains(alert.Severity, (string[])["critical", "warning", "info"]);
        Assert.Matches("^[0-9]+[smh]$", alert.For);
        Assert.Equal(["description", "runbook_url", "summary"], alert.Annotations.Keys.Order());
        // The summary is the same for all series, so that notifications can be grouped by it.
        Assert.DoesNotContain("{{", alert.Annotations["summary"], StringComparison.Ordinal);
        Assert.Equal($"{Runbooks}{name}.md", alert.Annotations["runbook_url"]);
        Assert.True(alert.Reason.Length > 40, $"no comment above {name} explains its threshold and duration");
        IReadOnlyCollection<string> labels = Exported.LabelsIn(alert.Expression);
        Assert.All(Regex.Matches(alert.Annotations["description"], @"\$labels\.(\w+)"), match => Assert.Contains(match.Groups[1].Value, labels));
        Assert.DoesNotContain("\n", alert.Annotations["description"].TrimEnd('\n'), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_has_a_runbook_and_a_case_that_fires_and_one_that_does_not(string name)
    {
        string page = File.ReadAllText(RepositoryRoot.File($"{Runbooks}{name}.md"));
        Assert.StartsWith($"# {name}\n", page, StringComparison.Ordinal);
        Assert.Equal(s_sections, Regex.Matches(page, "^## (.*)$", RegexOptions.Multiline).Select(static match => match.Groups[1].Value));
        Assert.Contains("mapagent", page[page.IndexOf("```", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains(name, RuleFile.Cases(firing: true));
        Assert.Contains(name, RuleFile.Cases(firing: false));
    }

    [Fact]
    public void No_runbook_is_left_of_an_alert_that_went() =>
        Assert.Equal(RuleFile.Alerts.Select(static alert => alert.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(RepositoryRoot.File(Runbooks), "*.md").Select(static file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_document_shows_the_alerts_as_they_are() => Golden.Compare("docs/alerts.md", Document());

    private static string Document()
    {
        StringBuilder text = new("""
            # Alerts

            Made from [alerts/mapagent.rules.yml](../alerts/mapagent.rules.yml), a plain Prometheus rule file; a test compares them. Each
            alert has a page that says what it means, how to see it on the node and how to mend it.

            ```yaml
            rule_files: [mapagent.rules.yml]
            ```

            - `promtool test rules alerts/tests/*.yml` runs a case that fires and one that stays silent for each of them.
            - In `runbook_url` stands the path of the page in this project, as the project has no address of its own. Put yours before it:
              `sed 's#runbook_url: #&https://git.example.org/mapagent/#' mapagent.rules.yml`.
            - `MapAgentDown` looks at every job with `mapagent` in its name.
            - Windows of five minutes stand scrape intervals of up to a minute.
            - Where Prometheus finds the agents in Kubernetes, scrape with `honor_labels: true`, and leave the target's own `namespace`, `pod`
              and `container` out. Else the agent's own pod is taken for that of every process of the node.


            """);
        foreach (IGrouping<string, Alert> group in RuleFile.Alerts.GroupBy(static alert => alert.Group))
        {
            text.Append($"## {s_titles[group.Key]}\n\n| alert | severity | for | why so |\n|---|---|---|---|\n");
            foreach (Alert alert in group)
            {
                text.Append($"| [{alert.Name}](runbooks/{alert.Name}.md): {alert.Annotations["summary"]} | {alert.Severity} | {alert.For} | {alert.Reason} |\n");
            }

            text.Append('\n');
        }

        text.Append("## Expressions\n");
        foreach (Alert alert in RuleFile.Alerts)
        {
            text.Append($"\n`{alert.Name}`\n\n```\n{alert.Expression.TrimEnd('\n')}\n```\n");
        }

        text.Append("\n## Recorded series\n\n| series | expression |\n|---|---|\n");
        foreach ((string name, string expression) in RuleFile.Records)
        {
            text.Append($"| `{name}` | `{string.Join(' ', expression.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))}` |\n");
        }

        return text.ToString();
    }

    private static readonly Dictionary<string, string> s_titles = new()
    {
        ["mapagent.shm"] = "Shared memory",
        ["mapagent.faults"] = "Faults and pressure",
        ["mapagent.mappings"] = "Mappings, address space, growth",
        ["mapagent.agent"] = "The agent",
    };
}
