using System;
using System.Globalization;
using MapAgent.Export;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>A column of <c>top</c>.</summary>
/// <param name="Key">The key that sorts by it.</param>
/// <param name="Head">Its title.</param>
/// <param name="Width">Cells of its values.</param>
/// <param name="Rank">The larger, the sooner it is left out on a narrow terminal.</param>
/// <param name="Value">What is sorted by; null is unknown and comes last.</param>
/// <param name="Text">What is shown.</param>
internal sealed record TopColumn(char Key, string Head, int Width, int Rank, Func<SeriesSnapshot, View, double?> Value, Func<SeriesSnapshot, View, string> Text)
{
    /// <summary>The title of the first column, which takes the room that is left.</summary>
    public const char Name = 'g';

    /// <summary>All columns but the name, from left to right.</summary>
    public static TopColumn[] All { get; } =
    [
        new('n', "PROC", 8, 4, static (s, _) => s.Processes, static (s, _) => s.Measured == s.Processes ? Whole(s.Processes) : $"{s.Measured}/{s.Processes}"),
        Bytes('p', "PSS", 0, static s => s.Pss),
        Bytes('u', "USS", 3, static s => s.Uss),
        Bytes('r', "RSS", 1, static s => s.ResidentBytes),
        Bytes('s', "SWAP", 5, static s => s.Swap),
        new('f', "MAJOR/s", 8, 2, static (s, _) => s.MajorFaultsPerSecond, static (s, _) => Rate(s.MajorFaultsPerSecond)),
        new('m', "MINOR/s", 8, 6, static (s, _) => s.MinorFaultsPerSecond, static (s, _) => Rate(s.MinorFaultsPerSecond)),
        new('a', "AGE", 6, 7, static (s, view) => AgeOf(s, view), static (s, view) => AgeOf(s, view) is { } age ? Age(age) : "-"),
    ];

    private static TopColumn Bytes(char key, string head, int rank, Func<SeriesSnapshot, long?> value) =>
        new(key, head, 9, rank, (s, _) => value(s), (s, _) => ByteSize.Text(value(s), "-"));

    private static double? AgeOf(SeriesSnapshot series, View view) => series.Measured > 0 ? view.SecondsSince(series.OldestRollupAt) : null;

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double? rate) => rate is not { } known ? "-"
        : known.ToString(known is 0 or >= 100 ? "F0" : "F1", CultureInfo.InvariantCulture);

    private static string Age(double seconds) => seconds < 120 ? $"{seconds.ToString("F0", CultureInfo.InvariantCulture)} s" : $"{Whole((long)seconds / 60)} min";
}
