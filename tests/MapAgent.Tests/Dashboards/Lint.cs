using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MapAgent.Tests.Alerts;

namespace MapAgent.Tests.Dashboards;

/// <summary>The 17 rules of Grafana's dashboard-linter, by their names. Nothing is excluded.</summary>
internal static class Lint
{
    // Those of Grafana's units that the dashboards use.
    private static readonly string[] s_units = ["bytes", "Bps", "cps", "none", "percentunit", "s", "short"];

    private static readonly string[] s_described = ["stat", "table", "timeseries"];

    private static readonly string[] s_rates = ["rate", "irate", "increase"];

    /// <summary>What is wrong with a dashboard: the rule, and where.</summary>
    public static IEnumerable<string> Check(JsonNode dashboard)
    {
        JsonNode[] variables = [.. dashboard["templating"]!["list"]!.AsArray()!];
        JsonNode[] panels = [.. dashboard["panels"]!.AsArray().Where(static panel => Text(panel, "type") != "row")!];
        return Variables(variables).Concat(panels.SelectMany(Panel)).Concat(panels.SelectMany(static panel => Targets(panel).SelectMany(target => Target(panel, target))))
            .Concat(dashboard["editable"]?.GetValue<bool>() == false ? [] : ["uneditable-dashboard"]);
    }

    /// <summary>A member as text; empty when it is not there.</summary>
    public static string Text(JsonNode? node, string name) => node?[name]?.ToString() ?? "";

    /// <summary>The targets of a panel.</summary>
    public static IEnumerable<JsonNode> Targets(JsonNode panel) => (panel["targets"] as JsonArray ?? [])!;

    private static IEnumerable<string> Variables(JsonNode[] variables)
    {
        JsonNode? source = variables.SingleOrDefault(static v => Text(v, "name") == "datasource");
        if (Text(source, "type") != "datasource" || Text(source, "query") != "prometheus" || Text(source, "label") != "Data source")
        {
            yield return "template-datasource";
        }

        foreach ((string name, string label) in new[] { ("job", "Job"), ("instance", "Instance") })
        {
            JsonNode? variable = variables.SingleOrDefault(v => Text(v, "name") == name);
            if (Text(variable, "type") != "query" || Text(variable, "label") != label || Text(variable?["datasource"], "uid") != "${datasource}"
                || variable?["multi"]?.GetValue<bool>() != true || Text(variable, "allValue") != ".+")
            {
                yield return "template-" + name;
            }
        }

        foreach (JsonNode variable in variables.Where(static v => Text(v, "type") == "query"))
        {
            Match match = Regex.Match(Text(variable["query"], "query"), @"^label_values\((.+), (\w+)\)$");
            if (!match.Success || Exported.Mistakes(match.Groups[1].Value).Any() || !Exported.LabelsIn(match.Groups[1].Value).Contains(match.Groups[2].Value))
            {
                yield return "template-label-promql: " + Text(variable, "name");
            }

            if (Text(variable, "refresh") != "2")
            {
                yield return "template-on-time-change-reload: " + Text(variable, "name");
            }
        }
    }

    private static IEnumerable<string> Panel(JsonNode panel)
    {
        string title = Text(panel, "title");
        if (Text(panel["datasource"], "uid") != "${datasource}" || Targets(panel).Any(static target => Text(target["datasource"], "uid") != "${datasource}"))
        {
            yield return "panel-datasource: " + title;
        }

        if (!s_described.Contains(Text(panel, "type")) || title.Length == 0 || !Text(panel, "description").EndsWith('.'))
        {
            yield return "panel-title-description: " + title;
        }

        if (!s_units.Contains(Text(panel["fieldConfig"]?["defaults"], "unit")))
        {
            yield return "panel-units: " + title;
        }

        if (!Targets(panel).Any())
        {
            yield return "panel-no-targets: " + title;
        }
    }

    private static IEnumerable<string> Target(JsonNode panel, JsonNode target)
    {
        string where = ": " + Text(panel, "title");
        // There is no LogQL here at all, and so nothing that could break its two rules.
        if (Text(target["datasource"], "type") != "prometheus")
        {
            yield return "target-logql" + where;
            yield return "target-logql-auto" + where;
        }

        PromQl? promQl = null;
        try
        {
            promQl = new PromQl(Text(target, "expr"));
        }
        catch (FormatException)
        {
        }

        if (promQl is null || promQl.Selectors.Count == 0)
        {
            yield return "target-promql" + where;
            yield break;
        }

        foreach (Selector selector in promQl.Selectors)
        {
            bool rated = selector.Functions.Intersect(s_rates).Any();
            if (rated && selector.Range != "$__rate_interval")
            {
                yield return "target-rate-interval" + where;
            }

            foreach (string label in (string[])["job", "instance"])
            {
                if (!selector.Matchers.Contains(new Matcher(label, "=~", "$" + label)))
                {
                    yield return $"target-{label}{where}";
                }
            }

            if (Regex.IsMatch(selector.Metric, "_(total|sum|count|bucket)$") && !rated)
            {
                yield return "target-counter-agg" + where;
            }
        }
    }
}
