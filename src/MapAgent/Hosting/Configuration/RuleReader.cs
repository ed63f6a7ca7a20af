using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Selection;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>Reads one entry of <c>process_names</c>.</summary>
internal sealed class RuleReader(ConfigurationReader reader, YamlNode entry)
{
    private static readonly string[] s_keys =
    [
        "name", "comm", "exe", "cmdline", "user", "unit", "namespace", "pod", "container", "min_rss", "min_age", "per_process",
        "mappings", "rollup",
    ];

    private readonly RuleOptions _options = new();
    private readonly Dictionary<string, YamlNode> _nodes = [];
    private bool _failed;

    /// <summary>The compiled rule; null when there is an error, which is noted.</summary>
    public Rule? Read()
    {
        foreach ((YamlScalarNode key, YamlNode value) in reader.Entries(entry, "a rule"))
        {
            _nodes[key.Value!] = value;
            if (!Take(key.Value!, key, value))
            {
                _failed = true;
            }
        }

        bool compiled = Rule.TryCreate(_options, out Rule? rule, out IReadOnlyList<(string Key, int Index, string Error)> errors);
        foreach ((string key, int index, string error) in errors)
        {
            // A rule with an unreadable selector is already known to be bad; that it then has none is no news.
            if (key.Length > 0 || !_failed)
            {
                YamlNode node = _nodes.GetValueOrDefault(key, entry);
                reader.Error(node is YamlSequenceNode list ? list.Children[index] : node, key.Length > 0 ? $"{key}: {error}" : error);
            }
        }

        return compiled && !_failed ? rule : null;
    }

    private bool Take(string name, YamlScalarNode key, YamlNode value)
    {
        switch (name)
        {
            case "name":
                return TakeText(value, "name", text => _options.Name = text);
            case "comm":
                return TakeList(value, name, list => _options.Comm = list);
            case "exe":
                return TakeList(value, name, list => _options.Exe = list);
            case "cmdline":
                return TakeList(value, name, list => _options.Cmdline = list);
            case "user":
                return TakeList(value, name, list => _options.User = list);
            case "unit":
                return TakeList(value, name, list => _options.Unit = list);
            case "namespace":
                return TakeList(value, name, list => _options.Namespace = list);
            case "pod":
                return TakeList(value, name, list => _options.Pod = list);
            case "container":
                return TakeList(value, name, list => _options.Container = list);
            default:
                return TakeScalar(name, key, value);
        }
    }

    private bool TakeScalar(string name, YamlScalarNode key, YamlNode value)
    {
        switch (name)
        {
            case "min_rss":
                return TakeParsed<long>(value, name, "a size such as 10MiB", Quantity.TrySize, bytes => _options.MinRssBytes = bytes);
            case "min_age":
                return TakeParsed<TimeSpan>(value, name, "a duration such as 30s", Quantity.TryDuration, age => _options.MinAge = age);
            case "per_process":
                return TakeParsed<bool>(value, name, "true or false", bool.TryParse, on => _options.PerProcess = on);
            case "mappings":
                return TakeParsed<bool>(value, name, "true or false", bool.TryParse, on => _options.Mappings = on);
            case "rollup":
                return TakeParsed<RollupPolicy>(value, name, "budget, always or never", TryPolicy, policy => _options.Rollup = policy);
            default:
                reader.Error(key, ConfigurationReader.Unknown(name, s_keys));
                return false;
        }
    }

    private bool TakeText(YamlNode node, string name, Action<string> take)
    {
        if (node is YamlScalarNode { Value: { } text })
        {
            take(text);
            return true;
        }

        reader.Error(node, $"{name} must be text");
        return false;
    }

    private bool TakeList(YamlNode node, string name, Action<IReadOnlyList<string>> take)
    {
        if (node is not YamlSequenceNode list || list.Any(static item => item is not YamlScalarNode { Value: not null }))
        {
            reader.Error(node, $"{name} must be a list of texts, such as [{Example(node)}]");
            return false;
        }

        take([.. list.Select(static item => ((YamlScalarNode)item).Value!)]);
        return true;
    }

    private bool TakeParsed<T>(YamlNode node, string name, string expected, TryParse<T> parse, Action<T> take)
    {
        if (node is YamlScalarNode { Value: { } text } && parse(text.Trim(), out T? value))
        {
            take(value!);
            return true;
        }

        reader.Error(node, $"{name} must be {expected}");
        return false;
    }

    private static string Example(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text } ? text : "postgres";

    private static bool TryPolicy(string text, out RollupPolicy policy)
    {
        policy = text switch
        {
            "budget" => RollupPolicy.Budget,
            "always" => RollupPolicy.Always,
            _ => RollupPolicy.Never,
        };
        return text is "budget" or "always" or "never";
    }

    private delegate bool TryParse<T>(string text, out T? value);
}
