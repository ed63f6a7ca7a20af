using System;

namespace MapAgent.Selection;

/// <summary>
/// Bracketed classes. As in Go there are no operations in them: <c>[a-z-[aeiou]]</c> is a class of letters, - and [, then the character ].
/// </summary>
internal sealed partial class GoRegexParser
{
    private const string PosixMend =
        "the classes are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word and xdigit";

    private bool ReadClass()
    {
        int start = _position++;
        bool negated = Skip('^');
        RuneSet members = new();
        for (bool first = true; first || !Skip(']'); first = false)
        {
            if (_position == _pattern.Length)
            {
                return Fail(start, "'[' without ']'", "close the class, or write \\[ for the character");
            }

            if (!TryReadPosix(out RuneSet? named) || (named is null && !TryReadNamedEscape(out named)))
            {
                return false;
            }

            if (named is not null)
            {
                members.Add(named);
            }
            else if (!ReadRange(members))
            {
                return false;
            }
        }

        return AddSet(negated ? members.Negated() : members);
    }

    // [:alpha:] or [:^alpha:]; a [: that is never closed by :] is two characters.
    private bool TryReadPosix(out RuneSet? set)
    {
        set = null;
        if (!_pattern.AsSpan(_position).StartsWith("[:", StringComparison.Ordinal))
        {
            return true;
        }

        int end = _pattern.IndexOf(":]", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return true;
        }

        string name = _pattern[(_position + 2)..end];
        bool inverted = name.StartsWith('^');
        string plain = inverted ? name[1..] : name;

        // One letter names \d, \s and \w, which are not POSIX.
        if (plain.Length < 2 || !NamedRuneSets.TryAscii(plain, out RuneSet? members))
        {
            return Fail(_position, $"class '[:{name}:]'", PosixMend);
        }

        _position = end + 2;
        set = Signed(members, inverted);
        return true;
    }

    private bool ReadRange(RuneSet members)
    {
        int start = _position;
        if (!TryReadClassRune(out int low))
        {
            return false;
        }

        int high = low;
        if (_position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']')
        {
            _position++;
            if (!TryReadClassRune(out high))
            {
                return false;
            }
        }

        if (high < low)
        {
            return Fail(start, $"range '{_pattern[start.._position]}'", "the smaller character comes first");
        }

        members.Add(Folded(new RuneSet().Add(low, high)));
        return true;
    }

    private bool TryReadClassRune(out int rune)
    {
        if (_pattern[_position] == '\\')
        {
            return TryReadEscapedRune(out rune);
        }

        rune = NextRune();
        return true;
    }

    private bool Skip(char expected)
    {
        if (_position < _pattern.Length && _pattern[_position] == expected)
        {
            _position++;
            return true;
        }

        return false;
    }
}
