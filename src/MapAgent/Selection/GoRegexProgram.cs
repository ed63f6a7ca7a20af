using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>What an instruction of a <see cref="GoRegexProgram"/> does.</summary>
internal enum GoRegexOp
{
    /// <summary>The whole pattern has matched.</summary>
    Match,

    /// <summary>Consume a character of the set.</summary>
    Rune,

    /// <summary>Go on at Next and, as second best, at Other.</summary>
    Split,

    /// <summary>Go on at Next.</summary>
    Jump,

    /// <summary>Remember the position in slot Other.</summary>
    Save,

    /// <summary>Go on if the place is of the kind Other.</summary>
    Assert,
}

/// <summary>One instruction; Other means what <see cref="GoRegexOp"/> says.</summary>
internal record struct GoRegexInstruction(GoRegexOp Op, int Next, int Other, RuneSet? Set);

/// <summary>
/// A pattern as instructions for <see cref="GoRegexMachine"/>, laid out as regexp/syntax/compile.go and simplify.go do, so that of several
/// possible matches the same one is preferred.
/// </summary>
internal sealed class GoRegexProgram
{
    // Go stops at 3.3 million; a pattern of a configuration file has some dozens.
    private const int MaxInstructions = 100_000;
    private readonly List<GoRegexInstruction> _code = [];

    private GoRegexProgram()
    {
    }

    /// <summary>Positions remembered: two for the whole match, then two for each named group.</summary>
    internal int Slots { get; private init; }

    internal int Length => _code.Count;

    internal GoRegexInstruction this[int index] => _code[index];

    /// <summary>Compiles a pattern with captures up to <paramref name="lastCapture"/>.</summary>
    /// <returns>False when counts make it too long to run.</returns>
    internal static bool TryCompile(GoRegexNode node, int lastCapture, out GoRegexProgram program)
    {
        program = new GoRegexProgram { Slots = (lastCapture + 1) * 2 };
        return program.Add(new GoRegexNode(GoRegexKind.Capture) { Parts = [node] }) && program.Emit(GoRegexOp.Match);
    }

    private bool Emit(GoRegexOp op, int other = 0, RuneSet? set = null)
    {
        set?.Sort();
        _code.Add(new GoRegexInstruction(op, _code.Count + 1, other, set));
        return _code.Count <= MaxInstructions;
    }

    private bool Add(GoRegexNode node) => node.Kind switch
    {
        GoRegexKind.Set => Emit(GoRegexOp.Rune, 0, node.Set),
        GoRegexKind.Sequence => AddSequence(node),
        GoRegexKind.Choice => AddChoice(node),
        GoRegexKind.Repeat => AddRepeat(node),
        GoRegexKind.Capture => Emit(GoRegexOp.Save, node.Slot * 2) && Add(node.Parts[0]) && Emit(GoRegexOp.Save, (node.Slot * 2) + 1),
        _ => Emit(GoRegexOp.Assert, (int)node.Kind),
    };

    private bool AddSequence(GoRegexNode node)
    {
        foreach (GoRegexNode part in node.Parts)
        {
            if (!Add(part))
            {
                return false;
            }
        }

        return true;
    }

    // split a, b; a: first part; jump end; b: split ...
    private bool AddChoice(GoRegexNode node)
    {
        List<int> jumps = [];
        for (int index = 0; index < node.Parts.Count; index++)
        {
            int split = _code.Count;
            bool last = index == node.Parts.Count - 1;
            if ((!last && !Emit(GoRegexOp.Split)) || !Add(node.Parts[index]))
            {
                return false;
            }

            if (!last)
            {
                jumps.Add(_code.Count);
                Emit(GoRegexOp.Jump);
                SetBranches(split, split + 1, _code.Count, false);
            }
        }

        foreach (int jump in jumps)
        {
            _code[jump] = _code[jump] with { Next = _code.Count };
        }

        return true;
    }

    // x{2,} is xx+, x{2,4} is xx(x(x)?)?, x* is a loop, or (x+)? where x may be empty: a loop would then prefer the wrong match.
    private bool AddRepeat(GoRegexNode node)
    {
        GoRegexNode part = node.Parts[0];
        bool unbounded = node.Maximum < 0;
        int plain = unbounded ? node.Minimum - 1 : node.Minimum;
        for (int copy = 0; copy < plain; copy++)
        {
            if (!Add(part))
            {
                return false;
            }
        }

        if (unbounded)
        {
            return node.Minimum > 0 ? AddPlus(part, node.IsLazy) : AddStar(part, node.IsLazy);
        }

        List<int> splits = [];
        for (int copy = node.Minimum; copy < node.Maximum; copy++)
        {
            splits.Add(_code.Count);
            if (!Emit(GoRegexOp.Split) || !Add(part))
            {
                return false;
            }
        }

        foreach (int split in splits)
        {
            SetBranches(split, split + 1, _code.Count, node.IsLazy);
        }

        return true;
    }

    private bool AddPlus(GoRegexNode part, bool lazy)
    {
        int start = _code.Count;
        if (!Add(part) || !Emit(GoRegexOp.Split))
        {
            return false;
        }

        SetBranches(_code.Count - 1, start, _code.Count, lazy);
        return true;
    }

    private bool AddStar(GoRegexNode part, bool lazy)
    {
        int split = _code.Count;
        Emit(GoRegexOp.Split);
        if (part.MayBeEmpty())
        {
            if (!AddPlus(part, lazy))
            {
                return false;
            }
        }
        else if (Add(part) && Emit(GoRegexOp.Jump))
        {
            _code[^1] = _code[^1] with { Next = split };
        }
        else
        {
            return false;
        }

        SetBranches(split, split + 1, _code.Count, lazy);
        return true;
    }

    private void SetBranches(int split, int better, int worse, bool swapped) =>
        _code[split] = _code[split] with { Next = swapped ? worse : better, Other = swapped ? better : worse };
}
