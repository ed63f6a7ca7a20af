using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using MapAgent.Export;
using MapAgent.Sampling;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MapAgent.Commands;

/// <summary>What <c>top</c> shows: which column sorts, how far it is scrolled, and frames of any size.</summary>
internal sealed class TopView(TimeSpan interval, Ink ink)
{
    private const int LeastName = 12;
    private const int LinesAround = 5;
    private const string Help = "q quit  space now  sort: p u r s sizes, f m faults, n processes, a age, g name; again turns  arrows scroll";
    private static readonly Style s_head = new(decoration: Decoration.Bold);
    private static readonly Style s_sorted = new(decoration: Decoration.Bold | Decoration.Invert);
    private static readonly Style s_warn = new(Color.Olive);
    private static readonly Style s_dim = new(decoration: Decoration.Dim);
    private char _sort = 'p';
    private bool _ascending;
    private int _first;

    /// <summary>Obeys a key; keys without a meaning do nothing.</summary>
    public void Press(ConsoleKeyInfo key, int height)
    {
        int page = Math.Max(1, height - LinesAround);
        char letter = char.ToLowerInvariant(key.KeyChar);
        switch (key.Key)
        {
            case ConsoleKey.DownArrow: _first++; break;
            case ConsoleKey.UpArrow: _first--; break;
            case ConsoleKey.PageDown: _first += page; break;
            case ConsoleKey.PageUp: _first -= page; break;
            case ConsoleKey.Home: _first = 0; break;
            case ConsoleKey.End: _first = int.MaxValue / 2; break;
            default:
                if (letter == TopColumn.Name || TopColumn.All.Any(column => column.Key == letter))
                {
                    // Names begin with the first, numbers with the largest.
                    _ascending = letter == _sort ? !_ascending : letter == TopColumn.Name;
                    _sort = letter;
                    _first = 0;
                }

                break;
        }
    }

    /// <summary>A frame that fills the terminal: each line is cut or cleared to its end, and what is below is cleared.</summary>
    public string Frame(Snapshot snapshot, Snapshot? before, TimeProvider clock, int width, int height)
    {
        View view = new(snapshot, clock.GetTimestamp(), clock);
        SeriesSnapshot[] series = Sort(snapshot.Series, view);
        int rows = Math.Max(0, height - LinesAround);
        _first = Math.Clamp(_first, 0, Math.Max(0, series.Length - rows));
        int last = Math.Min(series.Length, _first + rows);
        List<IRenderable> parts = [.. Head(snapshot, before, width), Table(series[_first..last], view, width)];
        List<string> lines = [.. Render(parts, width, height).Take(height - 1)];
        while (lines.Count < height - 1)
        {
            lines.Add("");
        }

        string place = series.Length > rows ? string.Create(CultureInfo.InvariantCulture, $"{_first + 1}-{last} of {series.Length}  ") : "";
        lines.Add(Render([Line(place + Help, width, s_dim)], width, 1)[0]);
        return "\u001b[H" + string.Join("\u001b[K\r\n", lines.Take(height)) + "\u001b[K\u001b[J";
    }

    private IEnumerable<IRenderable> Head(Snapshot snapshot, Snapshot? before, int width)
    {
        int measured = snapshot.Series.Sum(static series => series.Measured);
        yield return Line(string.Create(CultureInfo.InvariantCulture,
            $"mapagent top  {snapshot.At.ToLocalTime():HH:mm:ss}  {snapshot.Processes} processes in {snapshot.Series.Count} groups, {measured} measured, every {interval.TotalSeconds} s"), width, s_head);
        long held = snapshot.Series.Sum(static series => series.Pss ?? 0);
        string memory = snapshot.Host.MemoryBytes is { } total
            ? $"memory {ByteSize.Text(total, "-")} {ShmText.Bar(held, Math.Max(1, total))} PSS of groups {ByteSize.Text(held, "-")}, available {ByteSize.Text(snapshot.Host.MemoryAvailableBytes, "-")}"
            : $"memory unknown, PSS of groups {ByteSize.Text(held, "-")}";
        yield return Line(memory, width, Style.Plain);
        double? span = before is null ? null : (snapshot.At - before.At).TotalSeconds;
        double? share = span > 0 ? (snapshot.PassCpuSeconds - before!.PassCpuSeconds) / span : null;
        int missing = snapshot.Series.Sum(static series => series.Processes - series.Measured);
        string cost = string.Create(CultureInfo.InvariantCulture,
            $"pass {snapshot.Duration.TotalMilliseconds:F1} ms, CPU {(share is { } known ? $"{100 * known:F1} %" : "-")} of one")
            + (missing == 0 ? "" : $"; not measured: {string.Join(", ", Missing(snapshot))}");
        yield return Line(cost, width, missing == 0 ? Style.Plain : s_warn);
    }

    private static IEnumerable<string> Missing(Snapshot snapshot) => Enum.GetValues<Unmeasured>()
        .Select(reason => (Reason: reason, Count: snapshot.Series.Sum(series => series.Unmeasured(reason)))).Where(static pair => pair.Count > 0)
        .Select(static pair => $"{pair.Count} {UnmeasuredReasons.Labels[(int)pair.Reason]}");

    private Table Table(SeriesSnapshot[] series, View view, int width)
    {
        List<TopColumn> columns = [.. TopColumn.All];
        while (columns.Count > 1 && columns.Sum(static column => column.Width + 2) + LeastName > width)
        {
            columns.Remove(columns.MaxBy(static column => column.Rank)!);
        }

        int name = Math.Max(1, width - columns.Sum(static column => column.Width + 2));
        Table table = new Table().NoBorder();
        table.AddColumn(Column(HeadOf(TopColumn.Name, "GROUP", name), name));
        foreach (TopColumn column in columns)
        {
            table.AddColumn(Column(HeadOf(column.Key, column.Head, column.Width).RightJustified(), column.Width).RightAligned().PadLeft(2));
        }

        foreach (SeriesSnapshot one in series)
        {
            Style style = one.Measured < one.Processes ? s_warn : Style.Plain;
            string label = Cells.Printable(Label(one.Labels));
            table.AddRow([new Text(Cells.Cut(label, name), style), .. columns.Select(column => new Text(Cells.Cut(column.Text(one, view), column.Width), style))]);
        }

        return table;
    }

    private Text HeadOf(char key, string head, int width) =>
        new(Cells.Cut(key == _sort ? head + (_ascending ? " ^" : " v") : head, width), key == _sort ? s_sorted : s_head);

    private static TableColumn Column(Text head, int width) => new TableColumn(head).NoWrap().Width(width).Padding(0, 0);

    private SeriesSnapshot[] Sort(IReadOnlyList<SeriesSnapshot> series, View view)
    {
        if (_sort == TopColumn.Name)
        {
            IOrderedEnumerable<SeriesSnapshot> named = series.OrderBy(static s => Label(s.Labels), StringComparer.Ordinal);
            return [.. _ascending ? named : named.Reverse()];
        }

        Func<SeriesSnapshot, View, double?> value = TopColumn.All.First(column => column.Key == _sort).Value;
        int sign = _ascending ? 1 : -1;
        return [.. series.OrderBy(one => value(one, view) is null).ThenBy(one => sign * value(one, view)).ThenBy(static one => Label(one.Labels), StringComparer.Ordinal)];
    }

    private static string Label(SeriesLabels labels) => GroupTableText.Name(labels);

    private static Text Line(string text, int width, Style style) => new(Cells.Cut(text, width), style);

    private string[] Render(List<IRenderable> parts, int width, int height)
    {
        using StringWriter writer = new(new StringBuilder(width * height * 2), CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ink.IsOn ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new FrameOutput(writer, width, height),
        });
        foreach (IRenderable part in parts)
        {
            console.Write(part);
            if (part is Text)
            {
                console.WriteLine();
            }
        }

        return writer.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
    }

    /// <summary>Text of a terminal of this size, kept until the frame is whole.</summary>
    private sealed class FrameOutput(TextWriter writer, int width, int height) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => height;

        public void SetEncoding(Encoding encoding)
        {
            // The frame stays text.
        }
    }
}
