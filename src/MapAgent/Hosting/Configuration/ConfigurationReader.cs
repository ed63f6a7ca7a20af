using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Export.Otlp;
using MapAgent.Selection;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>Reads the file, then lets the environment override it. Every error is found in one run.</summary>
internal sealed class ConfigurationReader
{
    private readonly YamlNotes _notes;
    private readonly AgentConfiguration _configuration = new();

    private ConfigurationReader(string path) => _notes = new YamlNotes(path);

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <param name="environment">Names and values; only MAPAGENT_ names of known keys are looked at.</param>
    /// <param name="issues">Errors and warnings, in the order of the file.</param>
    /// <returns>The configuration; null when there is an error.</returns>
    public static AgentConfiguration? Read(string path, IDictionary environment, out IReadOnlyList<ConfigurationIssue> issues)
    {
        ConfigurationReader reader = new(path);
        if (path.Length > 0 && YamlDocument.Load(path, reader._notes.Issues) is { } root)
        {
            reader.TakeRoot(root);
        }

        reader.TakeEnvironment(environment);
        reader._notes.Issues.AddRange(KubernetesSettings.Complete(reader._configuration, environment, path.Length > 0 ? path : "configuration"));
        if (reader._configuration.IsOtlpEnabled)
        {
            OtlpSettings.Read(environment, "", (variable, wrong) => reader._notes.Issues.Add(new ConfigurationIssue(variable, 0, wrong)));
        }

        issues = reader._notes.Issues;
        return reader._notes.Issues.Any(static issue => !issue.IsWarning) ? null : reader._configuration;
    }

    private void TakeRoot(YamlNode root)
    {
        if (root is YamlScalarNode { Value: "" or null })
        {
            return;
        }

        string[] keys = ["process_names", .. SettingTable.All.Select(static setting => setting.Key.Split('.')[0]).Distinct()];
        foreach ((YamlScalarNode key, YamlNode value) in Entries(root, "the configuration"))
        {
            string name = key.Value!;
            if (name == "process_names")
            {
                TakeRules(value);
            }
            else if (SettingTable.Sections.Contains(name))
            {
                TakeSection(name, value);
            }
            else if (SettingTable.Find(name) is { } setting)
            {
                TakeValue(setting, value);
            }
            else
            {
                Error(key, Unknown(name, keys));
            }
        }
    }

    private void TakeSection(string section, YamlNode node)
    {
        foreach ((YamlScalarNode name, YamlNode value) in Entries(node, section))
        {
            if (SettingTable.Find(section + "." + name.Value) is { } setting)
            {
                TakeValue(setting, value);
            }
            else
            {
                Error(name, Unknown(name.Value!, SettingTable.KeysOf(section)));
            }
        }
    }

    private void TakeValue(Setting setting, YamlNode node)
    {
        string? text = (node as YamlScalarNode)?.Value;
        if (setting.IsList && node is YamlSequenceNode list && list.All(static item => item is YamlScalarNode { Value: { } value } && !value.Contains(',', StringComparison.Ordinal)))
        {
            text = string.Join(',', list.Cast<YamlScalarNode>().Select(static item => item.Value));
        }

        if (text is null || !setting.Apply(_configuration, text.Trim()))
        {
            string given = node is YamlScalarNode scalar ? $"\"{scalar.Value}\"" : "a list or mapping";
            Error(node, $"{setting.Key} is {given}; it must be {setting.Expected}");
        }
    }

    private void TakeRules(YamlNode node)
    {
        if (node is not YamlSequenceNode list)
        {
            Error(node, "process_names must be a list of rules");
            return;
        }

        List<Rule> rules = [];
        foreach (YamlNode entry in list)
        {
            if (new RuleReader(this, entry).Read() is { } rule)
            {
                rules.Add(rule);
            }
        }

        _configuration.Rules = rules;
    }

    private void TakeEnvironment(IDictionary environment)
    {
        foreach (Setting setting in SettingTable.All)
        {
            if (environment[setting.Variable] is string { Length: > 0 } text && !setting.Apply(_configuration, text.Trim()))
            {
                _notes.Issues.Add(new ConfigurationIssue(setting.Variable, 0, $"is \"{text}\"; it must be {setting.Expected}"));
            }
        }
    }

    /// <inheritdoc cref="YamlNotes.Entries"/>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node, string what) => _notes.Entries(node, what);

    /// <inheritdoc cref="YamlNotes.Error"/>
    public void Error(YamlNode node, string message) => _notes.Error(node, message);

    /// <inheritdoc cref="YamlNotes.Unknown"/>
    public static string Unknown(string name, IEnumerable<string> known) => YamlNotes.Unknown(name, known);
}
