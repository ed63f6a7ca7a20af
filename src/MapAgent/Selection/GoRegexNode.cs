using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>What a part of a pattern is.</summary>
internal enum GoRegexKind
{
    /// <summary>The parts one after the other; none at all is the empty text.</summary>
    Sequence,

    /// <summary>One of the parts, the earlier the better.</summary>
    Choice,

    /// <summary>The one part <see cref="GoRegexNode.Minimum"/> to <see cref="GoRegexNode.Maximum"/> times.</summary>
    Repeat,

    /// <summary>The one part, whose place is remembered in <see cref="GoRegexNode.Slot"/>.</summary>
    Capture,

    /// <summary>One character of <see cref="GoRegexNode.Set"/>.</summary>
    Set,

    /// <summary>The start of the text: <c>\A</c>, and <c>^</c> without the flag m. The kinds from here on match no character.</summary>
    TextStart,

    /// <summary>The very end of the text: <c>\z</c>, and <c>$</c> without the flag m.</summary>
    TextEnd,

    /// <summary>The start of a line.</summary>
    LineStart,

    /// <summary>The end of a line.</summary>
    LineEnd,

    /// <summary>Between an ASCII letter, digit or _ and anything else.</summary>
    WordBoundary,

    /// <summary>Anywhere else.</summary>
    NoWordBoundary,
}

/// <summary>One part of a parsed pattern. The parser has bounded the depth, so that walking the tree may recurse.</summary>
internal sealed class GoRegexNode(GoRegexKind kind)
{
    internal GoRegexKind Kind { get; } = kind;

    /// <summary>The parts; exactly one for <see cref="GoRegexKind.Repeat"/> and <see cref="GoRegexKind.Capture"/>.</summary>
    internal IReadOnlyList<GoRegexNode> Parts { get; init; } = [];

    /// <summary>The characters of a <see cref="GoRegexKind.Set"/>.</summary>
    internal RuneSet? Set { get; init; }

    /// <summary>Which capture this is, from 1.</summary>
    internal int Slot { get; init; }

    internal int Minimum { get; init; }

    /// <summary>The most times a part repeats; negative for without limit.</summary>
    internal int Maximum { get; init; }

    /// <summary>Whether fewer times are better.</summary>
    internal bool IsLazy { get; init; }

    /// <summary>
    /// How often the innermost part is copied by counts in counts, which Go bounds. A part repeated {0} times is never built.
    /// </summary>
    internal int Copies()
    {
        if (Kind == GoRegexKind.Repeat && Maximum == 0)
        {
            return 1;
        }

        int most = 1;
        foreach (GoRegexNode part in Parts)
        {
            most = Math.Max(most, part.Copies());
        }

        // * and + are no counts, and {n,} counts n times.
        return Kind == GoRegexKind.Repeat ? most * Math.Max(1, Maximum < 0 ? Minimum : Maximum) : most;
    }

    /// <summary>Whether the part can match without consuming a character.</summary>
    internal bool MayBeEmpty() => Kind switch
    {
        GoRegexKind.Set => false,
        GoRegexKind.Repeat => Minimum == 0 || Parts[0].MayBeEmpty(),
        GoRegexKind.Choice => Exists(true),
        GoRegexKind.Sequence or GoRegexKind.Capture => !Exists(false),
        _ => true,
    };

    private bool Exists(bool mayBeEmpty)
    {
        foreach (GoRegexNode part in Parts)
        {
            if (part.MayBeEmpty() == mayBeEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
