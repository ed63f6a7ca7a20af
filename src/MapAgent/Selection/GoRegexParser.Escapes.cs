using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MapAgent.Selection;

/// <summary>Backslashes, outside classes and (single characters and named sets only) inside.</summary>
internal sealed partial class GoRegexParser
{
    private const string UnicodeMend =
        "categories such as L, Lu or Nd are known here, scripts such as Greek are not: give ranges, as in [\\x{370}-\\x{3FF}]";

    private const string EscapeMend = "write \\\\ for a backslash";

    private bool ReadEscape()
    {
        char letter = _position + 1 < _pattern.Length ? _pattern[_position + 1] : '\0';
        switch (letter)
        {
            case 'A':
                return AddPlace(GoRegexKind.TextStart, 2);
            case 'z':
                return AddPlace(GoRegexKind.TextEnd, 2);
            case 'b':
                return AddPlace(GoRegexKind.WordBoundary, 2);
            case 'B':
                return AddPlace(GoRegexKind.NoWordBoundary, 2);
            case 'Q':
                return ReadQuoted();
            default:
                break;
        }

        if (!TryReadNamedEscape(out RuneSet? set))
        {
            return false;
        }

        return set is not null ? AddSet(set) : TryReadEscapedRune(out int rune) && AddLiteral(rune);
    }

    // \Q...\E: every character for itself; without \E to the end of the pattern.
    private bool ReadQuoted()
    {
        int end = _pattern.IndexOf("\\E", _position + 2, StringComparison.Ordinal);
        int stop = end < 0 ? _pattern.Length : end;
        _position += 2;
        while (_position < stop)
        {
            AddLiteral(NextRune());
        }

        _position = end < 0 ? stop : end + 2;
        return true;
    }

    /// <summary>Reads \d, \pL and the like; sets null and stays where it is when the escape is of another kind.</summary>
    /// <returns>False when it is of this kind but wrong.</returns>
    private bool TryReadNamedEscape(out RuneSet? set)
    {
        set = null;
        bool escaped = _pattern[_position] == '\\' && _position + 1 < _pattern.Length;
        char letter = escaped ? _pattern[_position + 1] : '\0';
        if (letter is 'd' or 's' or 'w' or 'D' or 'S' or 'W')
        {
            _position += 2;
            NamedRuneSets.TryAscii(char.ToLowerInvariant(letter).ToString(), out RuneSet? ascii);
            set = Signed(ascii!, char.IsAsciiLetterUpper(letter));
            return true;
        }

        return letter is not ('p' or 'P') || TryReadUnicode(letter == 'P', out set);
    }

    // \pL, \p{Lu}, \P{Lu}, \p{^Lu}.
    private bool TryReadUnicode(bool negated, [NotNullWhen(true)] out RuneSet? set)
    {
        set = null;
        int start = _position;
        int from = start + 2;
        bool braces = from < _pattern.Length && _pattern[from] == '{';
        int end = braces ? _pattern.IndexOf('}', from) : Math.Min(from + 1, _pattern.Length);
        if (end < 0)
        {
            return Fail(start, $"'{_pattern[start..from]}{{' without '}}'", "name the set as in \\p{L}");
        }

        string name = _pattern[(braces ? from + 1 : from)..end];
        bool inverted = name.StartsWith('^');
        if (!NamedRuneSets.TryUnicode(inverted ? name[1..] : name, out RuneSet? members))
        {
            return Fail(start, $"set '{name}'", UnicodeMend);
        }

        _position = braces ? end + 1 : end;
        set = Signed(members, negated != inverted);
        return true;
    }

    private RuneSet Signed(RuneSet set, bool negated) => negated ? Folded(set).Negated() : Folded(set);

    // Go's parseEscape: one character, by its code, its C name, or punctuation standing for itself.
    private bool TryReadEscapedRune(out int rune)
    {
        int start = _position++;
        rune = 0;
        if (_position == _pattern.Length)
        {
            return Fail(start, "backslash at the end", EscapeMend);
        }

        char letter = _pattern[_position];
        if (letter == '0' || (letter is >= '1' and <= '7' && IsOctal(_position + 1)))
        {
            rune = ReadOctal();
            return true;
        }

        _position++;
        switch (letter)
        {
            case 'x':
                return TryReadHex(out rune) || Fail(start, "'\\x'", "write two hexadecimal digits, or \\x{...} up to 10FFFF");
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v':
                rune = letter switch { 'a' => 7, 'f' => 12, 'n' => 10, 'r' => 13, 't' => 9, _ => 11 };
                return true;
            case >= '1' and <= '9':
                return Fail(start, $"backreference '\\{letter}'", "a repeated text cannot be matched in linear time");
            default:
                rune = letter;
                return (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter))
                    || Fail(start, $"escape '\\{letter}'", $"Go does not know it; {EscapeMend}");
        }
    }

    private bool IsOctal(int position) => position < _pattern.Length && _pattern[position] is >= '0' and <= '7';

    private int ReadOctal()
    {
        int value = 0;
        for (int digits = 0; digits < 3 && IsOctal(_position); digits++)
        {
            value = (value * 8) + _pattern[_position++] - '0';
        }

        return value;
    }

    private bool TryReadHex(out int rune)
    {
        bool braces = _position < _pattern.Length && _pattern[_position] == '{';
        int from = braces ? _position + 1 : _position;
        int end = braces ? _pattern.IndexOf('}', from) : from + 2;
        rune = 0;
        if (end <= from || end > _pattern.Length)
        {
            return false;
        }

        foreach (char digit in _pattern.AsSpan(from, end - from))
        {
            rune = char.IsAsciiHexDigit(digit) && rune <= 0x10FFFF ? (rune * 16) + Convert.ToInt32(digit.ToString(), 16) : int.MaxValue;
        }

        _position = braces ? end + 1 : end;
        return rune <= 0x10FFFF;
    }

    private int NextRune()
    {
        Rune rune = Rune.GetRuneAt(_pattern, _position);
        _position += rune.Utf16SequenceLength;
        return rune.Value;
    }
}
