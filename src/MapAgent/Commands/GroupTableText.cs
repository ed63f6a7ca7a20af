using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using MapAgent.Export;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>Groups as aligned columns, the largest first. What is unknown is a dash.</summary>
internal static class GroupTableText
{
    /// <summary>The table with its head, each line ended by a newline.</summary>
    public static string Render(Snapshot snapshot, Ink ink)
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

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => Cells.Width(row[column])))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            string line = string.Join("  ", row.Select((cell, column) => column == 0 ? Cells.PadRight(cell, widths[0]) : Cells.PadLeft(cell, widths[column])));
            // Not all measured: the sums of the line are too small.
            text.Append(row == rows[0] ? ink.Head(line) : row[1] != row[2] ? ink.Warn(line) : line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A group, its process where it has a series of its own, and whose it is.</summary>
    public static string Name(SeriesLabels labels)
    {
        string name = labels.Pid is { } pid ? $"{labels.Group} [{pid}]" : labels.Group;
        string owner = Owner(labels.Namespace, labels.Pod, labels.Container);
        return owner.Length > 0 ? $"{name} ({owner})" : name;
    }

    /// <summary>Whose it is, as namespace/pod/container; what is unknown is left out.</summary>
    public static string Owner(string? space, string? pod, string? container) =>
        string.Join('/', ((string?[])[space, pod, container]).Where(static part => part is not null));

    /// <summary>A size for a person, three digits at least.</summary>
    public static string Size(long? bytes) => ByteSize.Text(bytes, "-");

    /// <summary>Text from a process without what a terminal would obey: escape sequences, and marks that turn the line around.</summary>
    public static string Printable(string name) => Cells.Printable(name);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
