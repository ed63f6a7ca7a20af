using System;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;

namespace MapAgent.SystemTests.Harness;

/// <summary>The rule file that users install, and the same in a hurry.</summary>
internal static partial class AlertRules
{
    /// <summary>The file.</summary>
    public static string File { get; } = Path.Combine(Repository.Root, "alerts", "mapagent.rules.yml");

    /// <summary>The folder of its promtool cases.</summary>
    public static string Tests { get; } = Path.Combine(Repository.Root, "alerts", "tests");

    /// <summary>The rules with every wait, window and forecast shortened, and nothing else changed: minutes become seconds.</summary>
    public static string InAHurry()
    {
        string text = System.IO.File.ReadAllText(File);
        text = For().Replace(text, static match => $"for: {Shortened(match, 60, 1, 4)}s");
        text = Window().Replace(text, static match => $"[{Shortened(match, 30, 10, 30)}s]");
        // How far predict_linear looks ahead.
        text = text.Replace("3600", "120");
        return Offset().Replace(text, static match => $"offset {Shortened(match, 30, 10, 30)}s");
    }

    private static int Shortened(Match match, int divisor, int least, int most)
    {
        int seconds = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "h" => 3600, "m" => 60, _ => 1 };
        return Math.Clamp(seconds / divisor, least, most);
    }

    [GeneratedRegex("for: ([0-9]+)([smh])", RegexOptions.CultureInvariant)]
    private static partial Regex For();

    [GeneratedRegex(@"\[([0-9]+)([smh])\]", RegexOptions.CultureInvariant)]
    private static partial Regex Window();

    [GeneratedRegex("offset ([0-9]+)([smh])", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();
}
