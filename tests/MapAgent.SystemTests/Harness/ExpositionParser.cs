using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0 strictly: what is not exactly as written there fails.</summary>
internal sealed partial class ExpositionParser
{
    private static readonly string[] s_histogram = ["_bucket", "_sum", "_count"];
    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _helps = [];
    private readonly HashSet<string> _ended = [];
    private readonly HashSet<string> _keys = [];
    private readonly List<Sample> _samples = [];
    private readonly bool _openMetrics;
    private string _family = "";

    private ExpositionParser(bool openMetrics) => _openMetrics = openMetrics;

    /// <summary>Parses a page.</summary>
    public static Exposition Parse(byte[] body, bool openMetrics = false)
    {
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        ExpositionParser parser = new(openMetrics);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text[..^1].Split('\n');
        if (openMetrics)
        {
            Assert.Equal("# EOF", lines[^1]);
            lines = lines[..^1];
        }

        foreach (string line in lines)
        {
            parser.Take(line);
        }

        return new Exposition(parser._types, parser._samples);
    }

    private void Take(string line)
    {
        if (line.StartsWith('#'))
        {
            TakeComment(line);
            return;
        }

        Match match = SampleLine().Match(line);
        Assert.True(match.Success, "no sample: " + line);
        string name = match.Groups["name"].Value;
        Assert.True(BelongsToFamily(name), $"{name} stands in the family {_family}");
        Dictionary<string, string> labels = [];
        foreach (Match label in LabelPair().Matches(match.Groups["labels"].Value))
        {
            Assert.True(labels.TryAdd(label.Groups["name"].Value, Unescape(label.Groups["value"].Value)), "a label twice: " + line);
        }

        Sample sample = new(name, labels, Number(match.Groups["value"].Value));
        Assert.True(_keys.Add(sample.Key), "a series twice: " + line);
        _samples.Add(sample);
    }

    private void TakeComment(string line)
    {
        Match match = CommentLine().Match(line);
        Assert.True(match.Success, "no comment of the format: " + line);
        string family = match.Groups["name"].Value;
        if (family != _family)
        {
            Assert.True(_ended.Add(_family), $"the family {_family} comes back");
            Assert.DoesNotContain(family, _ended);
            _family = family;
        }

        switch (match.Groups["kind"].Value)
        {
            case "TYPE":
                Assert.True(_types.TryAdd(family, match.Groups["rest"].Value), "two types: " + line);
                Assert.Contains(match.Groups["rest"].Value, (string[])["counter", "gauge", "histogram", "summary", "untyped", "unknown"]);
                break;
            case "UNIT":
                Assert.True(_openMetrics && family.EndsWith("_" + match.Groups["rest"].Value, StringComparison.Ordinal), line);
                break;
            default:
                Assert.True(_helps.Add(family), "two helps: " + line);
                break;
        }
    }

    private bool BelongsToFamily(string name) => _types.GetValueOrDefault(_family) switch
    {
        "histogram" => s_histogram.Any(suffix => name == _family + suffix),
        "summary" => name == _family || name == _family + "_sum" || name == _family + "_count",
        "counter" when _openMetrics => name == _family + "_total",
        "counter" => name == _family,
        null => false,
        _ => name == _family,
    };

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string value) => Escape().Replace(value, static match => match.Value switch
    {
        "\\n" => "\n",
        "\\\"" => "\"",
        _ => "\\",
    });

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*",?)*)\})? (?<value>[+-]?[0-9.eE+-]+|[+-]Inf|NaN)$""",
        RegexOptions.CultureInvariant)]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\[\\"n])*)"(,|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPair();

    [GeneratedRegex("""^# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex CommentLine();

    [GeneratedRegex("""\\[\\"n]""", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
