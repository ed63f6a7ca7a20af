using System.Collections.Generic;
using System.Linq;
using MapAgent.Selection;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>Collects what is to say about one YAML file, each with its line.</summary>
internal sealed class YamlNotes(string path)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Errors and warnings so far.</summary>
    public List<ConfigurationIssue> Issues { get; } = [];

    /// <summary>True when there is an error among them.</summary>
    public bool HasErrors => Issues.Any(static issue => !issue.IsWarning);

    /// <summary>The entries of a mapping whose keys are plain text; says what is wrong with anything else.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node, string what)
    {
        if (node is not YamlMappingNode mapping)
        {
            // "shm:" with nothing behind it is an empty section.
            if (node is not YamlScalarNode { Value: "" or null or "~" or "null" })
            {
                Error(node, $"{what} must be a mapping of keys to values");
            }

            yield break;
        }

        foreach (KeyValuePair<YamlNode, YamlNode> entry in mapping.Children)
        {
            if (entry.Key is YamlScalarNode { Value: not null } key)
            {
                yield return (key, entry.Value);
            }
            else
            {
                Error(entry.Key, "a key must be plain text");
            }
        }
    }

    /// <summary>Notes an error at a node.</summary>
    public void Error(YamlNode node, string message) => Issues.Add(new ConfigurationIssue(path, node.Start.Line, message));

    /// <summary>Notes a warning at a node.</summary>
    public void Warn(YamlNode node, string message) => Issues.Add(new ConfigurationIssue(path, node.Start.Line, message, IsWarning: true));

    /// <summary>The message for a key that does not exist.</summary>
    public static string Unknown(string name, IEnumerable<string> known)
    {
        string[] keys = [.. known];
        string? nearest = NearestWord.Of(name, keys);
        return nearest is null ? $"unknown key {name}; known here: {string.Join(", ", keys)}" : $"unknown key {name}; did you mean {nearest}?";
    }
}
