using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Export;

namespace MapAgent.Tests.Alerts;

/// <summary>What the agent exports, and what Prometheus adds: the names and labels that a rule or a panel may use.</summary>
internal static class Exported
{
    // Whoever has several clusters adds the first.
    private static readonly string[] s_target = ["cluster", "job", "instance"];
    private static readonly string[] s_identity = ["namespace", "pod", "container"];

    // Prometheus makes these itself. The overflow label is OpenTelemetry's; that it never appears is what its alert is about.
    private static readonly Dictionary<string, string[]> s_ofPrometheus = new()
    {
        ["up"] = s_target,
        ["scrape_duration_seconds"] = s_target,
        ["scrape_samples_scraped"] = s_target,
        ["ALERTS"] = ["alertname", "alertstate", "severity", "group", "mount", .. s_target],
    };

    /// <summary>What is wrong with the names and labels of an expression.</summary>
    public static IEnumerable<string> Mistakes(string expression)
    {
        PromQl promQl = new(expression);
        foreach (Selector selector in promQl.Selectors)
        {
            string[]? labels = LabelsOf(selector.Metric);
            if (labels is null)
            {
                yield return $"no family is called {selector.Metric}";
                continue;
            }

            foreach (Matcher matcher in selector.Matchers)
            {
                if (!labels.Contains(matcher.Label) && matcher.Label != "otel_metric_overflow")
                {
                    yield return $"{selector.Metric} has no label {matcher.Label}";
                }
                else if (UnknownValue(selector.Metric, matcher) is { } value)
                {
                    yield return $"{matcher.Label} of {selector.Metric} is never {value}";
                }
            }
        }

        IReadOnlyCollection<string> all = LabelsIn(promQl);
        foreach (string label in promQl.Labels.Where(label => !all.Contains(label)))
        {
            yield return $"nothing in the expression has the label {label}";
        }
    }

    /// <summary>All labels that series of the expression may have.</summary>
    public static IReadOnlyCollection<string> LabelsIn(string expression) => LabelsIn(new PromQl(expression));

    private static HashSet<string> LabelsIn(PromQl promQl) => [.. promQl.Selectors.SelectMany(static selector => LabelsOf(selector.Metric) ?? [])];

    // Null for what does not exist.
    private static string[]? LabelsOf(string metric)
    {
        if (s_ofPrometheus.TryGetValue(metric, out string[]? known))
        {
            return known;
        }

        if (RuleFile.Records.TryGetValue(metric, out string? expression))
        {
            return [.. LabelsIn(expression)];
        }

        // A regular expression stands for every family it fits.
        Family[] families = [.. MetricTable.All.Where(family => Names(family).Any(name => Regex.IsMatch(name, $"^(?:{metric})$")))];
        return families.Length == 0 ? null : [.. families.SelectMany(Labels).Distinct()];
    }

    private static string[] Names(Family family) => family.Kind == InstrumentKind.Histogram
        ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"]
        : [family.Name];

    private static IEnumerable<string> Labels(Family family) =>
    [
        .. family.Labels, .. s_target,
        .. family is SeriesFamily or FileFamily ? ["group", "pid", .. s_identity] : Array.Empty<string>(),
        .. family is NodeFamily { ComesAndGoes: true } ? s_identity : [],
        .. family is HistogramFamily ? ["le"] : Array.Empty<string>(),
    ];

    // Where the table lists the values of a label, a value that is written out must be among them.
    private static string? UnknownValue(string metric, Matcher matcher)
    {
        string[] values = [.. MetricTable.All.OfType<SeriesFamily>().Where(family => family.Name == metric).SelectMany(static family => family.Parts)
            .SelectMany(static part => part.Labels).Where(label => label.Key == matcher.Label).Select(static label => (string)label.Value!)];
        return values.Length == 0 ? null : matcher.Value.Split('|').FirstOrDefault(value => Regex.IsMatch(value, "^[a-z_0-9]+$") && !values.Contains(value));
    }
}
