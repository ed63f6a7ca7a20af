using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace MapAgent.Tests.Export;

/// <summary>A page of metrics read slowly and strictly, as a server would read it.</summary>
internal sealed class ScrapeText
{
    /// <summary>Reads a page; throws on any line that neither format allows.</summary>
    public ScrapeText(string text)
    {
        Lines = text.Split('\n');
        if (Lines[^1].Length > 0)
        {
            throw new FormatException("the last line has no newline");
        }

        foreach (string line in Lines[..^1].Where(static line => line != "# EOF"))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                string[] parts = line.Split(' ', 4);
                Target(parts[1]).Add(parts[2], parts.Length > 3 ? parts[3] : "");
            }
            else
            {
                Samples.Add(ScrapeSample.Read(line));
            }
        }
    }

    public string[] Lines { get; }

    public List<ScrapeSample> Samples { get; } = [];

    public Dictionary<string, string> Help { get; } = [];

    public Dictionary<string, string> Type { get; } = [];

    public Dictionary<string, string> Unit { get; } = [];

    /// <summary>The samples of one name.</summary>
    public ScrapeSample[] Named(string name) => [.. Samples.Where(sample => sample.Name == name)];

    /// <summary>The value of the only sample with this name and this label.</summary>
    public string Value(string name, string label, string value) => Named(name).Single(sample => sample.Labels[label] == value).Value;

    /// <summary>What one label of the samples of a name says, in order.</summary>
    public string[] LabelsOf(string name, string label) => [.. Named(name).Select(sample => sample.Labels[label]).Order(StringComparer.Ordinal)];

    private Dictionary<string, string> Target(string keyword) => keyword switch
    {
        "HELP" => Help,
        "TYPE" => Type,
        "UNIT" => Unit,
        _ => throw new FormatException($"unknown comment {keyword}"),
    };
}

/// <summary>One sample: name, labels and the value as it is written.</summary>
internal sealed record ScrapeSample(string Name, Dictionary<string, string> Labels, string Value)
{
    public static ScrapeSample Read(string line)
    {
        int at = line.IndexOfAny(['{', ' ']);
        string name = line[..at];
        Dictionary<string, string> labels = [];
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                int equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
                string label = line[at..equals];
                at = equals + 2;
                labels.Add(label, Unescape(line, ref at));
                at += line[at] == ',' ? 1 : 0;
            }

            at++;
        }

        string value = line[(at + 1)..];
        return line[at] == ' ' && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new ScrapeSample(name, labels, value)
            : throw new FormatException(line);
    }

    private static string Unescape(string line, ref int at)
    {
        StringBuilder text = new();
        while (line[at] != '"')
        {
            text.Append(line[at] != '\\' ? line[at] : line[++at] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                char other => throw new FormatException($"\\{other} in {line}"),
            });
            at++;
        }

        at++;
        return text.ToString();
    }
}
