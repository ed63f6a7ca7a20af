using MapAgent.Commands;
using Xunit;

namespace MapAgent.Tests.Commands;

public sealed class CellsTests
{
    [Theory]
    [InlineData("plain-name_1.2", "plain-name_1.2")]
    [InlineData("a\u001b[31mb", "a?[31mb")]
    [InlineData("\u009b2Jx", "?2Jx")]
    [InlineData("a\r\n\tb\0", "a???b?")]
    [InlineData("a\u202eb\u2066c\u200fd", "a?b?c?d")]
    [InlineData("a\u2028b\u2029c", "a?b?c")]
    [InlineData("\ue000", "?")]
    [InlineData("\u6f22\u5b57", "\u6f22\u5b57")]
    public void What_a_terminal_would_obey_is_replaced(string name, string shown) => Assert.Equal(shown, Cells.Printable(name));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a?b", Cells.Printable("a" + (char)0xd800 + "b"));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("\u6f22\u5b57", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("", 0)]
    public void A_width_is_counted_in_cells(string text, int width) => Assert.Equal(width, Cells.Width(text));

    [Fact]
    public void Wide_characters_are_padded_by_their_cells()
    {
        Assert.Equal("\u6f22  |", Cells.PadRight("\u6f22", 4) + "|");
        Assert.Equal("  \u6f22|", Cells.PadLeft("\u6f22", 4) + "|");
        Assert.Equal("abcdef", Cells.PadLeft("abcdef", 4));
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd~")]
    [InlineData("\u6f22\u5b57\u6f22", 5, "\u6f22\u5b57~")]
    [InlineData("\u6f22\u5b57\u6f22", 4, "\u6f22~")]
    [InlineData("abc", 1, "~")]
    [InlineData("abc", 0, "")]
    public void What_is_too_long_is_cut_between_characters(string text, int width, string cut)
    {
        Assert.Equal(cut, Cells.Cut(text, width));
        Assert.InRange(Cells.Width(Cells.Cut(text, width)), 0, width);
    }

    [Theory]
    [InlineData("xterm-256color", null, true)]
    [InlineData("xterm", "", true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", null, false)]
    [InlineData(null, null, false)]
    public void Colour_is_for_those_who_have_it_and_want_it(string? term, string? noColor, bool taken) =>
        Assert.Equal(taken, Ink.Takes(term, noColor));

    [Fact]
    public void Without_colour_a_text_stays_as_it_is()
    {
        Assert.Equal("x", Ink.None.Head("x"));
        Assert.Equal("\u001b[1mx\u001b[0m", new Ink(true).Head("x"));
    }
}
