using System.Globalization;

namespace MapAgent.Export;

/// <summary>Sizes for people.</summary>
internal static class ByteSize
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size with three digits at least, such as <c>40.0 KiB</c>.</summary>
    /// <param name="bytes">The size.</param>
    /// <param name="unknown">What stands for null.</param>
    public static string Text(long? bytes, string unknown)
    {
        if (bytes is not { } left)
        {
            return unknown;
        }

        double value = left;
        int unit = 0;
        while (value >= 1024 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{value.ToString(unit == 0 || value >= 100 ? "F0" : "F1", CultureInfo.InvariantCulture)} {s_units[unit]}";
    }
}
