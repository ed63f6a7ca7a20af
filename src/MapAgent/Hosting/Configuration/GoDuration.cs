using System;
using System.Globalization;

namespace MapAgent.Hosting.Configuration;

/// <summary>Durations as Go's YAML reads them: <c>1m30s</c>, <c>100ms</c>, <c>50us</c>, and bare numbers of nanoseconds.</summary>
internal static class GoDuration
{
    private const double TicksPerNanosecond = 0.01;

    /// <summary>Understands a duration of zero or more; what is shorter than .NET's least counts as that.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        double? ticks = Small(text, "ns", 1) ?? Small(text, "us", 1000) ?? Small(text, "\u00b5s", 1000) ?? Small(text, "", 1);
        if (ticks is { } known)
        {
            duration = TimeSpan.FromTicks(known > 0 ? Math.Max(1, (long)Math.Min(known, TimeSpan.MaxValue.Ticks / 2)) : 0);
            return true;
        }

        duration = default;
        return !text.Contains('d', StringComparison.Ordinal) && Quantity.TryDuration(text, out duration);
    }

    private static double? Small(string text, string unit, double nanoseconds) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number * nanoseconds * TicksPerNanosecond
            : null;
}
