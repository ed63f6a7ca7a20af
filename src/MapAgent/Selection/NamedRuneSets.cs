using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MapAgent.Selection;

/// <summary>The sets that Go's regular expressions know by name: <c>\d</c>, <c>[:alpha:]</c>, <c>\p{Lu}</c>.</summary>
internal static class NamedRuneSets
{
    // regexp/syntax/perl_groups.go: pairs of first and last character. \s has no vertical tab, [:space:] has.
    private static readonly Dictionary<string, string> s_ascii = new(StringComparer.Ordinal)
    {
        ["d"] = "09",
        ["s"] = "\t\n\f\r  ",
        ["w"] = "09AZ__az",
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\u0000\u007f",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\u0000\u001f\u007f\u007f",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZ__az",
        ["xdigit"] = "09AFaf",
    };

    // Go's two-letter names in the order of System.Globalization.UnicodeCategory. Unassigned (Cn) has no name in Go.
    private static readonly string[] s_categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
    ];

    /// <summary>The set of <c>\d</c>, <c>\s</c> or <c>\w</c> (one letter), or of a POSIX class named without its colons.</summary>
    /// <returns>False for any other name.</returns>
    internal static bool TryAscii(string name, [NotNullWhen(true)] out RuneSet? set)
    {
        set = null;
        if (!s_ascii.TryGetValue(name, out string? pairs))
        {
            return false;
        }

        set = new RuneSet();
        for (int index = 0; index < pairs.Length; index += 2)
        {
            set.Add(pairs[index], pairs[index + 1]);
        }

        return true;
    }

    /// <summary>
    /// The set of a general category, <c>L</c> or <c>Lu</c>, or of <c>Any</c>. .NET has no table of scripts, so <c>Greek</c> is not known.
    /// </summary>
    /// <returns>False for any other name.</returns>
    internal static bool TryUnicode(string name, [NotNullWhen(true)] out RuneSet? set)
    {
        set = null;
        if (name == "Any")
        {
            set = new RuneSet().Add(0, 0x10FFFF);
            return true;
        }

        uint wanted = 0;
        for (int category = 0; category < s_categories.Length; category++)
        {
            bool named = s_categories[category] == name || (name.Length == 1 && s_categories[category][0] == name[0]);
            wanted |= named ? 1u << category : 0;
        }

        if (wanted == 0)
        {
            return false;
        }

        set = Collect(wanted);
        return true;
    }

    private static RuneSet Collect(uint wanted)
    {
        RuneSet set = new();
        int start = -1;
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(value);
            bool member = (int)category < 32 && (wanted & (1u << (int)category)) != 0;
            if (member && start < 0)
            {
                start = value;
            }
            else if (!member && start >= 0)
            {
                set.Add(start, value - 1);
                start = -1;
            }
        }

        return start < 0 ? set : set.Add(start, 0x10FFFF);
    }
}
