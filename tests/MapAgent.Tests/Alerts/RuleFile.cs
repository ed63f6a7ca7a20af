using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Tests.Alerts;

/// <summary>One alert of the rule file.</summary>
internal sealed record Alert(string Name, string Group, string Expression, string For, string Severity, string Reason, IReadOnlyDictionary<string, string> Annotations);

/// <summary>alerts/mapagent.rules.yml and its tests.</summary>
internal static class RuleFile
{
    /// <summary>Where it is.</summary>
    public const string Path = "alerts/mapagent.rules.yml";

    private static readonly string s_text = File.ReadAllText(RepositoryRoot.File(Path));

    /// <summary>The alerts.</summary>
    public static IReadOnlyList<Alert> Alerts { get; } = [.. Rules().Where(static rule => rule.Rule.Text("alert") is not null).Select(static rule => new Alert(
        rule.Rule.Text("alert")!, rule.Group, rule.Rule.Text("expr")!, rule.Rule.Text("for") ?? "", rule.Rule.Map("labels").Text("severity") ?? "",
        Reason(rule.Rule.Text("alert")!),
        rule.Rule.Map("annotations").Children.ToDictionary(static pair => pair.Key.ToString(), static pair => pair.Value.ToString())))];

    /// <summary>Recorded names and their expressions.</summary>
    public static IReadOnlyDictionary<string, string> Records { get; } =
        Rules().Where(static rule => rule.Rule.Text("record") is not null).ToDictionary(static rule => rule.Rule.Text("record")!, static rule => rule.Rule.Text("expr")!);

    /// <summary>Alerts that a promtool case of the tests expects to fire, or to stay silent.</summary>
    public static IEnumerable<string> Cases(bool firing) => Directory.GetFiles(RepositoryRoot.File("alerts/tests"), "*.yml")
        .SelectMany(static file => Load(File.ReadAllText(file)).List("tests"))
        .SelectMany(static test => ((YamlMappingNode)test).List("alert_rule_test"))
        .Cast<YamlMappingNode>()
        .Where(test => test.List("exp_alerts").Any() == firing)
        .Select(static test => test.Text("alertname")!);

    private static IEnumerable<(string Group, YamlMappingNode Rule)> Rules() =>
        Load(s_text).List("groups").Cast<YamlMappingNode>().SelectMany(static group => group.List("rules").Select(rule => (group.Text("name")!, (YamlMappingNode)rule)));

    // The comment that stands right above the alert.
    private static string Reason(string alert)
    {
        Match match = Regex.Match(s_text, $@"((?:^ +# .*\n)+) +- alert: {alert}$", RegexOptions.Multiline);
        return string.Join(' ', match.Groups[1].Value.Split('\n').Select(static line => line.Trim().TrimStart('#').Trim()).Where(static line => line.Length > 0));
    }

    private static YamlMappingNode Load(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlNode? Get(this YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;

    private static string? Text(this YamlMappingNode map, string key) => (map.Get(key) as YamlScalarNode)?.Value;

    private static YamlMappingNode Map(this YamlMappingNode map, string key) => map.Get(key) as YamlMappingNode ?? [];

    private static IEnumerable<YamlNode> List(this YamlMappingNode map, string key) => map.Get(key) as YamlSequenceNode ?? [];
}
