using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace MapAgent.Selection;

/// <summary>
/// Reads a pattern from left to right, as regexp/syntax/parse.go of Go 1.19 does. This part holds the loop and repetition; groups, escapes
/// and classes are in the parts named after them.
/// </summary>
/// <remarks>One object serves one pattern. Methods called Read... or TryRead... return false after setting the error.</remarks>
internal sealed partial class GoRegexParser
{
    private const int MaxRepeat = 1000;
    private const int MaxDepth = 1000;
    private readonly string _pattern;
    private readonly Stack<Level> _levels = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private Level _level = new();
    private int _position;
    private string? _error;

    internal GoRegexParser(string pattern) => _pattern = pattern;

    /// <summary>The captures by name. Where Go 1.19 lets a name be given twice, process-exporter keeps the last group's text.</summary>
    internal IReadOnlyDictionary<string, int> Names => _names;

    /// <summary>The number of named groups.</summary>
    internal int LastCapture { get; private set; }

    /// <summary>Parses the pattern; see <see cref="GoRegex.TryCompile"/>.</summary>
    internal bool TryParse([NotNullWhen(true)] out GoRegexNode? node, [NotNullWhen(false)] out string? error)
    {
        node = null;
        if (ReadAll() && _levels.Count > 0)
        {
            Fail(_level.Opened, "'(' without ')'", "close the group, or write \\( for the character");
        }

        error = _error;
        if (error is not null)
        {
            return false;
        }

        node = _level.Whole();
        return true;
    }

    // The message names the place as an editor does: columns count from 1.
    private bool Fail(int position, string what, string mend)
    {
        _error = $"{what} at column {position + 1}: {mend}";
        return false;
    }

    private bool ReadAll()
    {
        for (int index = 0; index < _pattern.Length; index++)
        {
            if (char.IsSurrogate(_pattern[index]) && !(index + 1 < _pattern.Length && char.IsSurrogatePair(_pattern, index++)))
            {
                return Fail(index, "half a surrogate pair", "the file is not valid UTF-8 there");
            }
        }

        int afterRepeat = -1;
        while (_position < _pattern.Length)
        {
            int start = _position;
            bool isRepeat = IsRepeat(out int minimum, out int maximum, out int end);
            bool read = isRepeat ? ReadRepeat(minimum, maximum, end, start == afterRepeat) : ReadItem();
            if (!read)
            {
                return false;
            }

            afterRepeat = isRepeat ? _position : -1;
        }

        return true;
    }

    private bool ReadItem()
    {
        switch (_pattern[_position])
        {
            case '(':
                return ReadOpening();
            case ')':
                return ReadClosing();
            case '|':
                _position++;
                _level.NextBranch();
                return true;
            case '^':
                return AddPlace(Has(Flags.Multiline) ? GoRegexKind.LineStart : GoRegexKind.TextStart, 1);
            case '$':
                return AddPlace(Has(Flags.Multiline) ? GoRegexKind.LineEnd : GoRegexKind.TextEnd, 1);
            case '.':
                _position++;
                RuneSet excluded = new();
                return AddSet((Has(Flags.DotAll) ? excluded : excluded.Add('\n', '\n')).Negated());
            case '[':
                return ReadClass();
            case '\\':
                return ReadEscape();
            default:
                return AddLiteral(NextRune());
        }
    }

    // { is a character of its own unless it is {n}, {n,} or {n,m}; counts too large are still counts, to be refused.
    private bool IsRepeat(out int minimum, out int maximum, out int end)
    {
        (minimum, maximum, end) = (0, -1, _position + 1);
        switch (_pattern[_position])
        {
            case '*':
                return true;
            case '+':
                minimum = 1;
                return true;
            case '?':
                maximum = 1;
                return true;
            case '{':
                return TryCount(ref end, out minimum) && TryUpper(ref end, minimum, out maximum)
                    && end++ < _pattern.Length && _pattern[end - 1] == '}';
            default:
                return false;
        }
    }

    private bool TryUpper(ref int position, int minimum, out int maximum)
    {
        maximum = minimum;
        if (position < _pattern.Length && _pattern[position] == ',')
        {
            position++;
            maximum = -1;
            return position < _pattern.Length && (_pattern[position] == '}' || TryCount(ref position, out maximum));
        }

        return true;
    }

    // As Go's parseInt: no leading zeros. The value stops growing beyond the limit, so that no count overflows.
    private bool TryCount(ref int position, out int count)
    {
        int start = position;
        count = 0;
        while (position < _pattern.Length && char.IsAsciiDigit(_pattern[position]))
        {
            count = Math.Min((count * 10) + _pattern[position] - '0', MaxRepeat + 1);
            position++;
        }

        return position > start && (position == start + 1 || _pattern[start] != '0');
    }

    private bool ReadRepeat(int minimum, int maximum, int end, bool follows)
    {
        int start = _position;
        bool counted = _pattern[start] == '{';
        string symbol = _pattern[start..end];
        if (counted && (minimum > MaxRepeat || maximum > MaxRepeat || (maximum >= 0 && minimum > maximum)))
        {
            return Fail(start, $"repeat count '{symbol}'", $"counts go up to {MaxRepeat}, the smaller first");
        }

        if (follows)
        {
            const string Mend = "Go has no possessive or stacked repetition; group with (?:...) if both are meant";
            return Fail(start, $"'{symbol}' right after another repetition", Mend);
        }

        if (_level.Items.Count == 0)
        {
            return Fail(start, $"'{symbol}' with nothing to repeat", $"put something before it, or write \\{symbol[0]} for the character");
        }

        bool lazy = end < _pattern.Length && _pattern[end] == '?';
        _position = lazy ? end + 1 : end;
        GoRegexNode repeat = new(GoRegexKind.Repeat)
        {
            Parts = [_level.Items[^1]],
            Minimum = minimum,
            Maximum = maximum,
            IsLazy = lazy != Has(Flags.Ungreedy),
        };
        _level.Items[^1] = repeat;
        return (minimum < 2 && maximum < 2) || repeat.Copies() <= MaxRepeat
            || Fail(start, $"repeat count '{symbol}'", $"counts within counts multiply to more than {MaxRepeat}");
    }
}
