using System;

namespace MapAgent.Selection;

/// <summary>Groups and flags.</summary>
internal sealed partial class GoRegexParser
{
    // Openings that other engines know and Go refuses, longest first where one begins another.
    private static readonly (string Opening, string What, string Mend)[] s_foreign =
    [
        ("(?=", "lookahead", "match that text and capture only the part you want with (?P<name>...)"),
        ("(?!", "negative lookahead", "list what may stand there instead, or put an earlier rule for the exception"),
        ("(?<=", "lookbehind", "match that text and capture only the part you want with (?P<name>...)"),
        ("(?<!", "negative lookbehind", "list what may stand there instead, or put an earlier rule for the exception"),
        ("(?>", "atomic group", "write (?:...): nothing backtracks here"),
        ("(?#", "comment", "move it to a comment of the file"),
        ("(?(", "conditional", "write the two cases with |"),
        ("(?P=", "backreference", "a repeated text cannot be matched in linear time"),
        ("(?P>", "recursion", "write the group out"),
        ("(?'", "quoted group name", "write (?P<name>...)"),
    ];

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotAll = 4,
        Ungreedy = 8,
    }

    private bool ReadOpening()
    {
        ReadOnlySpan<char> rest = _pattern.AsSpan(_position);
        if (!rest.StartsWith("(?", StringComparison.Ordinal))
        {
            // Go captures these too, but only named groups can be asked for.
            return Open(0, _level.Flags, 1);
        }

        foreach ((string opening, string what, string mend) in s_foreign)
        {
            if (rest.StartsWith(opening, StringComparison.Ordinal))
            {
                return Fail(_position, $"{what} '{opening}'", mend);
            }
        }

        int name = rest.StartsWith("(?P<", StringComparison.Ordinal) ? 4 : rest.StartsWith("(?<", StringComparison.Ordinal) ? 3 : 0;
        return name > 0 ? ReadNamed(name) : ReadFlags();
    }

    private bool ReadNamed(int prefix)
    {
        int start = _position + prefix;
        int end = start;
        while (end < _pattern.Length && (char.IsAsciiLetterOrDigit(_pattern[end]) || _pattern[end] == '_'))
        {
            end++;
        }

        if (end == start || end >= _pattern.Length || _pattern[end] != '>')
        {
            return Fail(_position, "group name", "names are made of letters, digits and _, as in (?P<name>...)");
        }

        _names[_pattern[start..end]] = ++LastCapture;
        return Open(LastCapture, _level.Flags, end + 1 - _position);
    }

    // (?flags) for the rest of the group, (?flags:...) for a group of its own; flags after - are switched off.
    private bool ReadFlags()
    {
        Flags on = _level.Flags;
        bool off = false;
        int start = _position + 2;
        int flagsFrom = start;
        for (int index = start; index < _pattern.Length; index++)
        {
            char letter = _pattern[index];
            if (TryFlag(letter, out Flags flag))
            {
                on = off ? on & ~flag : on | flag;
            }
            else if (letter == '-' && !off)
            {
                (off, flagsFrom) = (true, index + 1);
            }
            else if (letter is ':' or ')' && !(off && flagsFrom == index))
            {
                return EndFlags(on, letter, index + 1);
            }
            else
            {
                return Fail(index, $"'{letter}' in '(?'", "Go knows the flags i, m, s and U, as in (?i) or (?i:...)");
            }
        }

        return Fail(_position, "'(?' without an end", "close the group, or write \\( for the character");
    }

    private bool EndFlags(Flags flags, char letter, int end)
    {
        if (letter == ':')
        {
            return Open(0, flags, end - _position);
        }

        _level.Flags = flags;
        _position = end;
        return true;
    }

    private static bool TryFlag(char letter, out Flags flag)
    {
        flag = letter switch
        {
            'i' => Flags.IgnoreCase,
            'm' => Flags.Multiline,
            's' => Flags.DotAll,
            'U' => Flags.Ungreedy,
            _ => Flags.None,
        };
        return flag != Flags.None;
    }

    private bool Open(int capture, Flags flags, int length)
    {
        if (_levels.Count == MaxDepth)
        {
            return Fail(_position, $"more than {MaxDepth} groups in each other", "nest less");
        }

        _levels.Push(_level);
        _level = new Level { Flags = flags, Opened = _position, Capture = capture };
        _position += length;
        return true;
    }

    private bool ReadClosing()
    {
        if (_levels.Count == 0)
        {
            return Fail(_position, "')' without '('", "write \\) for the character");
        }

        GoRegexNode group = _level.Whole();
        int capture = _level.Capture;
        _level = _levels.Pop();
        _level.Items.Add(capture == 0 ? group : new GoRegexNode(GoRegexKind.Capture) { Parts = [group], Slot = capture });
        _position++;
        return true;
    }

    private bool AddPlace(GoRegexKind place, int length)
    {
        _level.Items.Add(new GoRegexNode(place));
        _position += length;
        return true;
    }

    private bool AddSet(RuneSet set)
    {
        _level.Items.Add(new GoRegexNode(GoRegexKind.Set) { Set = set });
        return true;
    }

    private bool AddLiteral(int rune) => AddSet(Folded(new RuneSet().Add(rune, rune)));

    private RuneSet Folded(RuneSet set) => Has(Flags.IgnoreCase) ? CaseOrbits.Close(set) : set;

    private bool Has(Flags flag) => (_level.Flags & flag) != 0;
}
