using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>Groups as aligned columns, the largest first. What is unknown is a dash.</summary>
internal static class GroupTableText
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The table with its head, each line ended by a newline.</summary>
    public static string Render(Snapshot snapshot)
    {
        List<string[]> rows = [["GROUP", "PROCESSES", "MEASURED", "PSS", "USS", "RSS", "SWAP", "MAJOR FAULTS"]];
        foreach (SeriesSnapshot series in snapshot.Series.OrderByDescending(static s => s.Rollup(RollupField.Pss) ?? s.ResidentBytes))
        {
            rows.Add(
            [
                Printable(Name(series.Labels)),
                Whole(series.Processes), Whole(series.Measured), Size(series.Rollup(RollupField.Pss)), Size(series.Uss),
                Size(series.ResidentBytes), Size(series.Rollup(RollupField.Swap)), Whole(series.MajorFaults),
            ]);
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0]));
            for (int column = 1; column < row.Length; column++)
            {
                text.Append("  ").Append(row[column].PadLeft(widths[column]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Name(SeriesLabels labels)
    {
        string name = labels.Pid is { } pid ? $"{labels.Group} [{pid}]" : labels.Group;
        string owner = Owner(labels.Namespace, labels.Pod, labels.Container);
        return owner.Length > 0 ? $"{name} ({owner})" : name;
    }

    /// <summary>Whose it is, as namespace/pod/container; what is unknown is left out.</summary>
    public static string Owner(string? space, string? pod, string? container) =>
        string.Join('/', ((string?[])[space, pod, container]).Where(static part => part is not null));

    /// <summary>A size for a person, three digits at least.</summary>
    public static string Size(long? bytes)
    {
        if (bytes is not { } left)
        {
            return "-";
        }

        double value = left;
        int unit = 0;
        while (value >= 1024 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(unit == 0 || value >= 100 ? "F0" : "F1", CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <summary>Text from a process without what a terminal would obey: escape sequences, and marks that turn the line around.</summary>
    public static string Printable(string name) => string.Concat(name.Select(static c =>
        char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '?' : c));

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
