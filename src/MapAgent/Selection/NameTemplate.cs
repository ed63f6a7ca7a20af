using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MapAgent.Selection;

/// <summary>
/// The name of a group, written for each process from a template: the part of Go's text/template that process-exporter's files use. Text,
/// fields, {{if}}, comments, trim markers, and the functions index, eq, ne, not and printf.
/// </summary>
/// <remarks>
/// Where Go fails while writing (an index out of range), process-exporter takes what was written so far, and so does this. A field that
/// does not exist, which Go also notices only while writing, is refused when the template is read.
/// </remarks>
internal sealed class NameTemplate
{
    private readonly IReadOnlyList<NamePiece> _pieces;

    private NameTemplate(IReadOnlyList<NamePiece> pieces, TemplateFields needs) => (_pieces, Needs) = (pieces, needs);

    /// <summary>What the template reads of a process, in any of its branches.</summary>
    internal TemplateFields Needs { get; }

    /// <summary>Reads a template.</summary>
    /// <returns>
    /// False when it is wrong or uses more of Go's templates than is known here; <paramref name="error"/> names what, and the column.
    /// </returns>
    internal static bool TryParse(string text, [NotNullWhen(true)] out NameTemplate? template, [NotNullWhen(false)] out string? error)
    {
        NameTemplateParser parser = new(text);
        template = parser.TryParse(out IReadOnlyList<NamePiece> pieces, out error) ? new NameTemplate(pieces, parser.Needs) : null;
        return template is not null;
    }

    /// <summary>Writes the name of one process.</summary>
    internal string Render(in TemplateValues values)
    {
        StringBuilder output = new();
        Write(output, _pieces, values);
        return output.ToString();
    }

    private static bool Write(StringBuilder output, IReadOnlyList<NamePiece> pieces, in TemplateValues values)
    {
        foreach (NamePiece piece in pieces)
        {
            if (!piece.Expression.TryEvaluate(values, out NameValue value))
            {
                return false;
            }

            if (!piece.IsCondition)
            {
                output.Append(value.ToString());
            }
            else if (!Write(output, value.IsTrue ? piece.Then : piece.Else, values))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>One piece of a template: an expression to print, or a condition with its two branches.</summary>
internal sealed class NamePiece(NameExpression expression)
{
    internal NameExpression Expression { get; } = expression;

    internal bool IsCondition { get; init; }

    internal List<NamePiece> Then { get; } = [];

    internal List<NamePiece> Else { get; } = [];
}
