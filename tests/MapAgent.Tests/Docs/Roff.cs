using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Docs;

/// <summary>Text of a manual page, in the macros of man(7).</summary>
internal sealed class Roff
{
    private readonly StringBuilder _text = new(".\\\" Made by a test; UPDATE_GOLDEN=1 rewrites it.\n");

    /// <summary>The head of the page.</summary>
    public Roff(string title, int section, string manual) => _text.Append($".TH {title} {section} \"\" MapAgent \"{manual}\"\n");

    /// <summary>A heading of the first or second rank.</summary>
    public Roff Heading(string text, int rank = 1) => Line($".{(rank == 1 ? "SH" : "SS")} \"{Escape(rank == 1 ? text.ToUpperInvariant() : text)}\"");

    /// <summary>A paragraph; `code` is bold.</summary>
    public Roff Paragraph(string text) => Line(".PP").Text(text);

    /// <summary>A tagged paragraph.</summary>
    public Roff Item(string tag, string text) => Line(".TP").Text(tag).Text(text);

    /// <summary>Text that begins on a line of its own.</summary>
    public Roff Break(string text) => Line(".br").Text(text);

    /// <summary>A point of a list.</summary>
    public Roff Point(string text) => Line(".IP \\(bu 2").Text(text);

    /// <summary>Lines that stay as they are.</summary>
    public Roff Verbatim(string text)
    {
        Line(".PP").Line(".RS 4").Line(".nf");
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            Line(Protect(Escape(line)));
        }

        return Line(".fi").Line(".RE");
    }

    /// <summary>Running text; `code` is bold, [text](target) is its text.</summary>
    public Roff Text(string text)
    {
        text = Regex.Replace(text.Replace('\n', ' '), @"\[([^\]]+)\]\([^)]+\)", "$1").Replace("**", "");
        string[] parts = text.Split('`');
        return Line(Protect(string.Concat(parts.Select(static (part, i) => i % 2 == 0 ? Escape(part) : $"\\fB{Escape(part)}\\fR"))));
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // A minus that is typed must not become a hyphen.
    private static string Escape(string text) => text.Replace("\\", "\\e").Replace("-", "\\-").Replace("\"", "\\(dq").Replace("'", "\\(aq");

    private static string Protect(string line) => line.StartsWith('.') ? "\\&" + line : line;

    private Roff Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }
}
