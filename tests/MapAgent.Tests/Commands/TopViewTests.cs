using System;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Commands;
using MapAgent.Sampling;
using MapAgent.Tests.Sampling;
using Xunit;

namespace MapAgent.Tests.Commands;

/// <summary>Frames of <c>top</c>, as text.</summary>
public sealed class TopViewTests
{
    [Theory]
    [InlineData(200, 50)]
    [InlineData(80, 24)]
    [InlineData(40, 10)]
    [InlineData(12, 6)]
    [InlineData(1, 1)]
    public void A_frame_fits_the_terminal_whatever_its_size(int width, int height)
    {
        using PassFixture fixture = Many(60);
        string frame = Frame(new TopView(TimeSpan.FromSeconds(2), Ink.None), fixture.Run(), fixture, width, height);
        string[] lines = Lines(frame);
        Assert.Equal(height, lines.Length);
        Assert.All(lines, line => Assert.InRange(Cells.Width(line), 0, width));
        Assert.StartsWith("\u001b[H", frame, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[K\u001b[J", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_are_sorted_by_the_key_that_was_pressed_and_turned_by_the_next()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "small" }, new RollupText { Pss = 100 })
            .WithProcess(11, new StatLine { Comm = "large", ResidentPages = "1" }, new RollupText { Pss = 900 })
            .With(12, "stat", new StatLine { Pid = 12, Comm = "unknown", ResidentPages = "5000" }.ToBytes());
        Snapshot snapshot = fixture.Run();
        TopView view = new(TimeSpan.FromSeconds(2), Ink.None);
        Assert.Equal(["large", "small", "unknown"], Names(Frame(view, snapshot, fixture)));
        view.Press(Key('p'), 24);
        Assert.Equal(["small", "large", "unknown"], Names(Frame(view, snapshot, fixture)));
        view.Press(Key('r'), 24);
        Assert.Equal(["unknown", "small", "large"], Names(Frame(view, snapshot, fixture)));
        view.Press(Key('g'), 24);
        Assert.Equal(["large", "small", "unknown"], Names(Frame(view, snapshot, fixture)));
        view.Press(Key('x'), 24);
        Assert.Equal(["large", "small", "unknown"], Names(Frame(view, snapshot, fixture)));
    }

    [Fact]
    public void What_is_unknown_is_a_dash_and_its_reason_is_said()
    {
        using PassFixture fixture = new();
        fixture.Tree.With(12, "stat", new StatLine { Pid = 12, Comm = "a" }.ToBytes());
        string frame = Frame(new TopView(TimeSpan.FromSeconds(2), Ink.None), fixture.Run(), fixture);
        Assert.Matches(@"\na +0/1 +- +- +1\.3 MiB +- +- +- +-", string.Join('\n', Lines(frame)));
        Assert.Contains("not measured: 1 gone", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_are_text_and_leave_the_columns_in_their_place()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10, new StatLine { Comm = "\u001b[2J\u001b]0;x" }).WithProcess(11, new StatLine { Comm = "\u6f22\u5b57\u202e" })
            .WithProcess(12, new StatLine { Comm = "[red]x[/]" }).WithProcess(13, new StatLine { Comm = "plain" });
        string frame = Frame(new TopView(TimeSpan.FromSeconds(2), Ink.None), fixture.Run(), fixture, 100, 24);
        Assert.DoesNotContain("\u001b[2J", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]", frame, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', frame);
        Assert.Contains("[red]x[/]", frame, StringComparison.Ordinal);
        string[] rows = [.. Lines(frame).Where(static line => line.Contains("700 KiB", StringComparison.Ordinal) && !line.StartsWith("memory", StringComparison.Ordinal))];
        Assert.Equal(4, rows.Length);
        Assert.Single(rows.Select(static row => Cells.Width(row[..row.IndexOf("700 KiB", StringComparison.Ordinal)])).Distinct());
    }

    [Fact]
    public void It_scrolls_no_further_than_there_are_groups()
    {
        using PassFixture fixture = Many(60);
        Snapshot snapshot = fixture.Run();
        TopView view = new(TimeSpan.FromSeconds(2), Ink.None);
        view.Press(Key('g'), 24);
        Assert.Equal("g000", Names(Frame(view, snapshot, fixture))[0]);
        view.Press(new ConsoleKeyInfo('\0', ConsoleKey.End, false, false, false), 24);
        Assert.Equal("g059", Names(Frame(view, snapshot, fixture))[^1]);
        view.Press(new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, false, false, false), 24);
        Assert.Equal("g058", Names(Frame(view, snapshot, fixture))[^1]);
        view.Press(new ConsoleKeyInfo('\0', ConsoleKey.Home, false, false, false), 24);
        Assert.Equal("g000", Names(Frame(view, snapshot, fixture))[0]);
    }

    private static PassFixture Many(int groups)
    {
        PassFixture fixture = new();
        foreach (int i in Enumerable.Range(0, groups))
        {
            fixture.Tree.WithProcess(100 + i, new StatLine { Comm = $"g{i:000}" });
        }

        return fixture;
    }

    private static string Frame(TopView view, Snapshot snapshot, PassFixture fixture, int width = 100, int height = 24) =>
        view.Frame(snapshot, null, fixture.Clock, width, height);

    private static ConsoleKeyInfo Key(char letter) => new(letter, Enum.Parse<ConsoleKey>(char.ToUpperInvariant(letter).ToString()), false, false, false);

    private static string[] Lines(string frame) => Regex.Replace(frame, "\u001b\\[[0-9;]*[A-Za-z]", "").Split("\r\n");

    private static string[] Names(string frame) => [.. Lines(frame).Skip(4).SkipLast(1).Select(static line => line.Split(' ')[0]).Where(static name => name.Length > 0)];
}
