using System;
using System.Globalization;
using System.Linq;
using Spectre.Console.Rendering;

namespace MapAgent.Commands;

/// <summary>Text in a terminal's cells: a wide character takes two, a combining one none.</summary>
internal static class Cells
{
    /// <summary>Text from a process without what a terminal would obey: escape sequences, line ends, and marks that turn the line around.</summary>
    public static string Printable(string name) => string.Concat(name.Select(static c => IsPlain(c) ? c : '?'));

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>Fills up with blanks at the end.</summary>
    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    /// <summary>Fills up with blanks at the beginning.</summary>
    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Width(text))) + text;

    /// <summary>The beginning of a text that is too long for so many cells, with a mark that there was more.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && Width(text[..length]) > width - 1)
        {
            length--;
        }

        return width > 0 ? text[..length] + "~" : "";
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
