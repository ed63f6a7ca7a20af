using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace MapAgent.Selection;

/// <summary>Reads a name template: this part text and delimiters, the others what stands between.</summary>
/// <remarks>One object serves one template. Methods called Read... or TryRead... return false after setting the error.</remarks>
internal sealed partial class NameTemplateParser
{
    // Expressions and conditions nest, and reading them recurses; nobody's name needs more.
    private const int MaxLength = 4096;
    private readonly string _text;
    private readonly List<NamePiece> _pieces = [];
    private readonly Stack<Condition> _open = new();
    private List<NamePiece> _target;
    private int _position;
    private string? _error;

    internal NameTemplateParser(string text) => (_text, _target) = (text, _pieces);

    /// <summary>See <see cref="NameTemplate.Needs"/>.</summary>
    internal TemplateFields Needs { get; private set; }

    /// <summary>See <see cref="NameTemplate.TryParse"/>.</summary>
    internal bool TryParse(out IReadOnlyList<NamePiece> pieces, [NotNullWhen(false)] out string? error)
    {
        pieces = _pieces;
        if (_text.Length > MaxLength)
        {
            Fail(MaxLength, "a longer name", $"a template has at most {MaxLength} characters");
        }
        else if (ReadAll() && _open.TryPeek(out Condition? condition))
        {
            Fail(condition.Start, "{{if}} without {{end}}", "write {{end}} where it ends");
        }

        error = _error;
        return error is null;
    }

    private bool Fail(int position, string what, string mend)
    {
        _error = $"{what} at column {position + 1}: {mend}";
        return false;
    }

    private bool ReadAll()
    {
        while (true)
        {
            int brace = _text.IndexOf("{{", _position, StringComparison.Ordinal);
            int end = brace < 0 ? _text.Length : brace;
            bool trim = brace >= 0 && brace + 3 < _text.Length && _text[brace + 2] == '-' && IsSpace(brace + 3);
            string plain = _text[_position..end];
            plain = trim ? plain.TrimEnd(' ', '\t', '\r', '\n') : plain;
            if (plain.Length > 0)
            {
                Add(new NameLiteral(new NameValue(NameType.Text, plain)));
            }

            if (brace < 0)
            {
                return true;
            }

            _position = brace + (trim ? 4 : 2);
            if (!ReadAction(brace))
            {
                return false;
            }
        }
    }

    private bool ReadAction(int start)
    {
        if (At("/*"))
        {
            int end = _text.IndexOf("*/", _position, StringComparison.Ordinal);
            _position = end < 0 ? _text.Length : end + 2;
            return ReadClosingBraces()
                || Fail(start, "comment without '*/}}'", "close it just so, without a blank between the braces and the comment");
        }

        SkipSpace();
        int word = _position;
        switch (PeekWord())
        {
            case "if":
                _position += 2;
                return ReadIf(start, false);
            case "else":
                _position += 4;
                return ReadElse(start);
            case "end":
                _position += 3;
                return ReadEnd(start) && ReadEndOfAction();
            default:
                return TryReadExpression(out NameExpression? expression) && Printable(word, expression) && Add(expression)
                    && ReadEndOfAction();
        }
    }

    private bool ReadEndOfAction()
    {
        SkipSpace();
        if (ReadClosingBraces())
        {
            return true;
        }

        const string Mend = "the action should end here with }}; pipes, variables and further values are not known here";
        return _position < _text.Length
            ? Fail(_position, $"'{_text[_position]}'", Mend)
            : Fail(_position, "end of the template inside {{", "close the action with }}");
    }

    // }} or, after a blank, -}}, which also drops the blanks of the text that follows.
    private bool ReadClosingBraces()
    {
        int blank = _position < _text.Length && IsSpace(_position) ? _position + 1 : _position;
        bool trim = blank > 0 && IsSpace(blank - 1) && string.CompareOrdinal(_text, blank, "-}}", 0, 3) == 0;
        if (!trim && !At("}}"))
        {
            return false;
        }

        _position = trim ? blank + 3 : _position + 2;
        while (trim && _position < _text.Length && IsSpace(_position))
        {
            _position++;
        }

        return true;
    }

    private bool Add(NameExpression expression)
    {
        _target.Add(new NamePiece(expression));
        return true;
    }

    private bool At(string expected) => string.CompareOrdinal(_text, _position, expected, 0, expected.Length) == 0;

    private bool IsSpace(int position) => _text[position] is ' ' or '\t' or '\r' or '\n';

    private void SkipSpace()
    {
        while (_position < _text.Length && IsSpace(_position))
        {
            _position++;
        }
    }
}
