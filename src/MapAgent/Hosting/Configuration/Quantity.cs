using System;
using System.Collections.Generic;
using System.Globalization;

namespace MapAgent.Hosting.Configuration;

/// <summary>Durations as <c>1m30s</c>, sizes as <c>10MiB</c>, shares as <c>1%</c>.</summary>
internal static class Quantity
{
    private static readonly (string Unit, double Seconds)[] s_durations =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    private static readonly Dictionary<string, long> s_sizes = new()
    {
        ["B"] = 1,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    /// <summary>Numbers with units, largest first by custom only; <c>0</c> needs none.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        double seconds = 0;
        int at = 0;
        while (at < text.Length)
        {
            int digits = at;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            {
                digits++;
            }

            int unit = digits;
            while (unit < text.Length && char.IsAsciiLetter(text[unit]))
            {
                unit++;
            }

            if (!TryNumber(text[at..digits], out double number) || !TryUnit(text[digits..unit], out double factor))
            {
                return text == "0";
            }

            seconds += number * factor;
            at = unit;
        }

        if (text.Length == 0 || seconds > TimeSpan.FromDays(3650).TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>A whole number with B, KiB, MiB, GiB or TiB; without a unit bytes.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        bytes = 0;
        string digits = text.TrimEnd([.. "BKMGTi"]);
        string unit = text[digits.Length..];
        if (!long.TryParse(digits.TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || !s_sizes.TryGetValue(unit.Length == 0 ? "B" : unit, out long factor)
            || number > long.MaxValue / factor)
        {
            return false;
        }

        bytes = number * factor;
        return true;
    }

    /// <summary>A percentage with its sign, 0% to 100%, as a fraction of one.</summary>
    public static bool TryShare(string text, out double share)
    {
        share = 0;
        if (!text.EndsWith('%') || !TryNumber(text[..^1].TrimEnd(), out double percent) || percent > 100)
        {
            return text == "0";
        }

        share = percent / 100;
        return true;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static bool TryUnit(string text, out double seconds)
    {
        foreach ((string unit, double factor) in s_durations)
        {
            if (unit == text)
            {
                seconds = factor;
                return true;
            }
        }

        seconds = 0;
        return false;
    }
}
