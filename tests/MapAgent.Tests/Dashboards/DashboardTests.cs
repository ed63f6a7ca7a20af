using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MapAgent.Dashboards;
using MapAgent.Tests.Alerts;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Dashboards;

/// <summary>The dashboards against their source, the agent, and the rules of Grafana's linter.</summary>
public sealed class DashboardTests
{
    public static TheoryData<string> Files => [.. Catalog.All.Select(static dashboard => dashboard.FileName)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_what_the_generator_makes(string file) =>
        Golden.Compare("dashboards/" + file, Catalog.All.Single(dashboard => dashboard.FileName == file).ToJson());

    [Fact]
    public void No_file_is_left_of_a_dashboard_that_went() =>
        Assert.Equal(Files.Select(static row => row.Data).Order(StringComparer.Ordinal),
            Directory.GetFiles(RepositoryRoot.File("dashboards"), "*.json").Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void The_linter_has_nothing_to_say(string file) => Assert.Empty(Lint.Check(Read(file)));

    [Theory]
    [InlineData("template-datasource", "templating.list.0.label", "\"Prometheus\"")]
    [InlineData("template-job", "templating.list.1.allValue", "\"\"")]
    [InlineData("template-instance", "templating.list.2.multi", "false")]
    [InlineData("template-label-promql: instance", "templating.list.2.query.query", "\"label_values(mapagent_build_infos, instance)\"")]
    [InlineData("template-on-time-change-reload: job", "templating.list.1.refresh", "1")]
    [InlineData("panel-datasource: Nodes", "panels.1.datasource.uid", "\"prometheus\"")]
    [InlineData("panel-title-description: Nodes", "panels.1.description", "\"\"")]
    [InlineData("panel-units: Nodes", "panels.1.fieldConfig.defaults.unit", "\"byte\"")]
    [InlineData("panel-no-targets: Nodes", "panels.1.targets", "[]")]
    [InlineData("target-logql: Nodes,target-logql-auto: Nodes", "panels.1.targets.0.datasource.type", "\"loki\"")]
    [InlineData("target-promql: Nodes", "panels.1.targets.0.expr", "\"sum(up{job=~\\\"$job\\\",instance=~\\\"$instance\\\"}\"")]
    [InlineData("target-rate-interval: Nodes", "panels.1.targets.0.expr", "\"rate(a_total{job=~\\\"$job\\\",instance=~\\\"$instance\\\"}[5m])\"")]
    [InlineData("target-job: Nodes", "panels.1.targets.0.expr", "\"up{instance=~\\\"$instance\\\"}\"")]
    [InlineData("target-instance: Nodes", "panels.1.targets.0.expr", "\"up{job=~\\\"$job\\\"}\"")]
    [InlineData("target-counter-agg: Nodes", "panels.1.targets.0.expr", "\"sum(a_total{job=~\\\"$job\\\",instance=~\\\"$instance\\\"})\"")]
    [InlineData("uneditable-dashboard", "editable", "true")]
    public void Each_rule_sees_what_was_planted(string rules, string path, string value)
    {
        JsonNode dashboard = Read("overview.json");
        string[] steps = path.Split('.');
        JsonNode node = steps[..^1].Aggregate(dashboard, static (at, step) => int.TryParse(step, out int index) ? at[index]! : at[step]!);
        node[steps[^1]] = JsonNode.Parse(value);
        Assert.Equal(rules.Split(','), Lint.Check(dashboard));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_and_annotations_name_only_what_the_agent_exports(string file)
    {
        JsonNode dashboard = Read(file);
        Assert.Empty(Expressions(dashboard).SelectMany(static expression => Exported.Mistakes(expression).Select(mistake => $"{mistake}: {expression}")));
        foreach (JsonNode panel in Panels(dashboard))
        {
            string[] expressions = [.. Lint.Targets(panel).Select(static target => Lint.Text(target, "expr"))];
            HashSet<string> labels = [.. expressions.SelectMany(Exported.LabelsIn)];
            Assert.All(Lint.Targets(panel).SelectMany(static target => Regex.Matches(Lint.Text(target, "legendFormat"), @"\{\{(\w+)\}\}")),
                match => Assert.Contains(match.Groups[1].Value, labels));
            Assert.All(Regex.Matches(panel["fieldConfig"]!.ToJsonString(), @"__field\.labels\.(\w+)"), match => Assert.Contains(match.Groups[1].Value, labels));
            Assert.All(Regex.Matches(panel["fieldConfig"]!.ToJsonString(), @"__data\.fields\.(\w+)"), match =>
                Assert.Contains(match.Groups[1].Value, Catalog.All.SelectMany(static one => one.Panels).Where(one => one.Title == Lint.Text(panel, "title"))
                    .SelectMany(static one => one.Columns).Select(static column => column.Heading)));
            JsonObject[] columns = [.. (panel["transformations"] as JsonArray ?? []).Select(static step => step!["options"]?["renameByName"] as JsonObject).OfType<JsonObject>()];
            Assert.All(columns.SelectMany(static names => names.Select(static pair => pair.Key)), name => Assert.True(
                labels.Contains(name) || (name == "Value" && expressions.Length == 1) || (name.StartsWith("Value #") && name[^1] - 'A' < expressions.Length), name));
        }
    }

    // What the types of @grafana/schema do not see: a misspelt key of a target, an unknown kind of panel, a variable that is not there.
    [Theory]
    [MemberData(nameof(Files))]
    public void Targets_panels_and_variables_are_spelt_as_Grafana_spells_them(string file)
    {
        JsonNode dashboard = Read(file);
        string[] known = ["datasource", "editorMode", "expr", "format", "instant", "legendFormat", "range", "refId"];
        foreach (JsonNode panel in Panels(dashboard))
        {
            Assert.All(Lint.Targets(panel), target => Assert.Equal(known, target.AsObject().Select(static pair => pair.Key)));
            Assert.NotNull(panel["fieldConfig"]!["defaults"]!["decimals"]);
            string[] ids = [.. Lint.Targets(panel).Select(static target => Lint.Text(target, "refId"))];
            Assert.Equal(ids.Length, ids.Distinct().Count());
        }

        string[] variables = [.. dashboard["templating"]!["list"]!.AsArray().Select(static variable => Lint.Text(variable, "name"))];
        Assert.All(Expressions(dashboard).SelectMany(static expression => Regex.Matches(expression, @"\$(\w+)")).Select(static match => match.Groups[1].Value),
            name => Assert.Contains(name, (string[])[.. variables, "__rate_interval"]));
        int[] numbers = [.. dashboard["panels"]!.AsArray().Select(static panel => panel!["id"]!.GetValue<int>())];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(["Alerts", "Reloads", "Refused reloads"], dashboard["annotations"]!["list"]!.AsArray().Select(static one => Lint.Text(one, "name")));
        Assert.Equal(["mapagent"], dashboard["links"]!.AsArray().Select(static link => link!["tags"]![0]!.ToString()));
    }

    [Fact]
    public void Panels_fit_beside_each_other_and_links_lead_to_dashboards_that_are_there()
    {
        string[] uids = ["mapagent-overview", "mapagent-group", "mapagent-shared-memory", "mapagent-kubernetes", "mapagent-agent"];
        Assert.Equal(uids, Catalog.All.Select(static dashboard => dashboard.Uid));
        foreach (JsonNode dashboard in Files.Select(static row => Read(row.Data)))
        {
            HashSet<(int, int)> taken = [];
            foreach (JsonNode at in dashboard["panels"]!.AsArray().Select(static panel => panel!["gridPos"]!))
            {
                (int x, int y, int w, int h) = (at["x"]!.GetValue<int>(), at["y"]!.GetValue<int>(), at["w"]!.GetValue<int>(), at["h"]!.GetValue<int>());
                Assert.InRange(x + w, 1, 24);
                Assert.All(Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(row => (column, row))), cell => Assert.True(taken.Add(cell)));
            }

            Assert.All(Regex.Matches(dashboard.ToJsonString(), "/d/([a-z-]+)"), match => Assert.Contains(match.Groups[1].Value, uids));
        }
    }

    [Fact]
    public void The_document_lists_every_panel() => Golden.Compare("docs/dashboards.md", Document());

    private static string Document()
    {
        StringBuilder text = new("""
            # Dashboards

            Five dashboards for Grafana in [dashboards](../dashboards), made by `dotnet run --project dashboards/generator`; a test runs the
            generator again and compares. Change the generator, not the files: Grafana shows them as not editable.

            To load them, import the files, or let Grafana read the folder:

            ```yaml
            apiVersion: 1
            providers:
              - name: mapagent
                type: file
                options: {path: /var/lib/grafana/dashboards/mapagent}
            ```

            - They need a Prometheus data source and nothing else. At the top are the data source, the job and the nodes; then what fits.
            - A click on a group, a mount or a pod leads to the dashboard that shows more of it, with the same time and nodes.
            - Alerts that fire and reloads are marked on every panel.
            - Where there is nothing to show, there is `No data`: a number that could not be read is never drawn as 0.


            """);
        foreach (Dashboard dashboard in Catalog.All)
        {
            text.Append($"## {dashboard.Title}\n\n{dashboard.Description} [{dashboard.FileName}](../dashboards/{dashboard.FileName})\n\n| panel | what it shows |\n|---|---|\n");
            foreach (Panel panel in dashboard.Panels)
            {
                text.Append($"| {panel.Title} | {panel.Description} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("dashboards/" + file)))!;

    private static IEnumerable<JsonNode> Panels(JsonNode dashboard) => dashboard["panels"]!.AsArray().Where(static panel => Lint.Text(panel, "type") != "row")!;

    private static IEnumerable<string> Expressions(JsonNode dashboard) => Panels(dashboard).SelectMany(Lint.Targets).Concat(dashboard["annotations"]!["list"]!.AsArray()!)
        .Select(static one => Lint.Text(one, "expr"));
}
