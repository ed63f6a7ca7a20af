using System;
using System.Globalization;

namespace MapAgent.Hosting.Configuration;

/// <summary>One key with a single value or a list of texts, in the file as <c>section: { name: value }</c> and in the environment.</summary>
/// <param name="Key">Section and name, parted by a dot; only a name at the top level.</param>
/// <param name="Expected">What a value looks like, for the error.</param>
/// <param name="Apply">Takes the text into the configuration; false when it is not as expected.</param>
internal sealed record Setting(string Key, string Expected, Func<AgentConfiguration, string, bool> Apply)
{
    /// <summary>True when the file may give a list.</summary>
    public bool IsList { get; init; }

    /// <summary>The environment variable that overrides the file.</summary>
    public string Variable => "MAPAGENT_" + Key.ToUpperInvariant().Replace('.', '_');

    /// <summary>A duration between two bounds.</summary>
    public static Setting Duration(string key, TimeSpan least, TimeSpan most, Action<AgentConfiguration, TimeSpan> take) =>
        new(key, $"a duration such as 15s or 1m30s, from {Text(least)} to {Text(most)}", (configuration, text) =>
        {
            bool good = Quantity.TryDuration(text, out TimeSpan value) && value >= least && value <= most;
            return Take(good, configuration, value, take);
        });

    /// <summary>A whole number between two bounds.</summary>
    public static Setting Count(string key, int least, int most, Action<AgentConfiguration, int> take) =>
        new(key, $"a whole number from {least} to {most}", (configuration, text) =>
        {
            bool good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most;
            return Take(good, configuration, value, take);
        });

    /// <summary>A share of one CPU.</summary>
    public static Setting Share(string key, Action<AgentConfiguration, double> take) =>
        new(key, "a share such as 1% or 0.5%, from 0% to 100%", (configuration, text) =>
            Take(Quantity.TryShare(text, out double value), configuration, value, take));

    /// <summary>Yes or no, as YAML writes it.</summary>
    public static Setting Switch(string key, Action<AgentConfiguration, bool> take) =>
        new(key, "true or false", (configuration, text) => Take(bool.TryParse(text, out bool value), configuration, value, take));

    /// <summary>One of a few words.</summary>
    public static Setting Choice(string key, string[] words, Action<AgentConfiguration, int> take) =>
        new(key, string.Join(", ", words[..^1]) + " or " + words[^1], (configuration, text) =>
        {
            int value = Array.IndexOf(words, text);
            return Take(value >= 0, configuration, value, take);
        });

    /// <summary>Any text that is good.</summary>
    public static Setting Text(string key, string expected, Func<string, bool> isGood, Action<AgentConfiguration, string> take) =>
        new(key, expected, (configuration, text) => Take(isGood(text), configuration, text, take));

    /// <summary>Texts: a list in the file, parted by commas in the environment.</summary>
    public static Setting List(string key, string expected, Func<string, bool> isGood, Action<AgentConfiguration, string[]> take) =>
        new(key, expected, (configuration, text) =>
        {
            string[] values = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return Take(values.Length > 0 && Array.TrueForAll(values, value => isGood(value)), configuration, values, take);
        })
        { IsList = true };

    private static bool Take<T>(bool good, AgentConfiguration configuration, T value, Action<AgentConfiguration, T> take)
    {
        if (good)
        {
            take(configuration, value);
        }

        return good;
    }

    private static string Text(TimeSpan span) =>
        span < TimeSpan.FromSeconds(1) ? $"{span.TotalMilliseconds}ms" : span < TimeSpan.FromHours(1) ? $"{span.TotalSeconds}s" : $"{span.TotalHours}h";
}
