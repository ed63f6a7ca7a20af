using System;
using System.Collections.Generic;

namespace MapAgent.Selection;

/// <summary>
/// Runs a <see cref="GoRegexProgram"/> in all ways at once, character by character (Pike's machine, as regexp/exec.go): each instruction
/// is alive at most once per character, so the time is bounded by program length times text length. Not for two threads at a time.
/// </summary>
internal sealed class GoRegexMachine(GoRegexProgram program)
{
    private const int NoRune = -1;
    private readonly Stack<(int Index, int Saved)> _pending = new();
    private readonly int[] _slots = new int[program.Slots];
    private readonly int[] _best = new int[program.Slots];
    private Threads _now = new(program);
    private Threads _next = new(program);

    /// <summary>Finds the leftmost match.</summary>
    /// <param name="text">The text; half surrogate pairs count as U+FFFD.</param>
    /// <param name="slots">Start and end of the match and of each capture, -1 where it took no part; valid until the next call.</param>
    /// <returns>False when there is no match.</returns>
    internal bool TryMatch(ReadOnlySpan<char> text, out ReadOnlySpan<int> slots)
    {
        slots = _best;
        bool matched = false;
        int position = 0;
        int before = NoRune;
        _now.Clear();
        while (true)
        {
            int rune = RuneAt(text, position, out int width);
            if (!matched)
            {
                // Worse than all that started earlier, hence last.
                Array.Fill(_slots, -1);
                Follow(_now, 0, position, before, rune);
            }

            int after = RuneAt(text, position + width, out _);
            matched |= Step(position + width, rune, after);
            if (rune == NoRune || (_next.Count == 0 && matched))
            {
                return matched;
            }

            (_now, _next) = (_next, _now);
            position += width;
            before = rune;
        }
    }

    // Consumes one character in every thread, best first. A thread that has matched silences all worse ones.
    private bool Step(int position, int rune, int after)
    {
        _next.Clear();
        for (int thread = 0; thread < _now.Count; thread++)
        {
            GoRegexInstruction instruction = program[_now[thread]];
            if (instruction.Op == GoRegexOp.Match)
            {
                _now.Slots(thread).CopyTo(_best);
                return true;
            }

            if (instruction.Op == GoRegexOp.Rune && rune != NoRune && instruction.Set!.Contains(rune))
            {
                _now.Slots(thread).CopyTo(_slots);
                Follow(_next, instruction.Next, position, rune, after);
            }
        }

        return false;
    }

    // Adds every instruction reachable without consuming a character, in order of preference. A pending entry with a negative index
    // restores a slot once all that its Save led to has been followed.
    private void Follow(Threads threads, int start, int position, int before, int after)
    {
        _pending.Push((start, 0));
        while (_pending.TryPop(out (int Index, int Saved) entry))
        {
            if (entry.Index < 0)
            {
                _slots[~entry.Index] = entry.Saved;
                continue;
            }

            for (int index = entry.Index; index >= 0 && threads.TryAdd(index, _slots);)
            {
                GoRegexInstruction instruction = program[index];
                index = instruction.Next;
                switch (instruction.Op)
                {
                    case GoRegexOp.Split:
                        _pending.Push((instruction.Other, 0));
                        break;
                    case GoRegexOp.Save:
                        _pending.Push((~instruction.Other, _slots[instruction.Other]));
                        _slots[instruction.Other] = position;
                        break;
                    case GoRegexOp.Assert when Holds((GoRegexKind)instruction.Other, before, after):
                    case GoRegexOp.Jump:
                        break;
                    default:
                        index = -1;
                        break;
                }
            }
        }
    }

    private static bool Holds(GoRegexKind place, int before, int after) => place switch
    {
        GoRegexKind.TextStart => before == NoRune,
        GoRegexKind.TextEnd => after == NoRune,
        GoRegexKind.LineStart => before is NoRune or '\n',
        GoRegexKind.LineEnd => after is NoRune or '\n',
        GoRegexKind.WordBoundary => IsWord(before) != IsWord(after),
        _ => IsWord(before) == IsWord(after),
    };

    private static bool IsWord(int rune) => rune is '_' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');

    private static int RuneAt(ReadOnlySpan<char> text, int position, out int width)
    {
        width = 0;
        if (position >= text.Length)
        {
            return NoRune;
        }

        char first = text[position];
        width = 1;
        if (!char.IsSurrogate(first))
        {
            return first;
        }

        if (position + 1 < text.Length && char.IsSurrogatePair(first, text[position + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(first, text[position + 1]);
        }

        return 0xFFFD;
    }

    /// <summary>Instructions alive at one character, in order of preference, each at most once (a sparse set), with their slots.</summary>
    private sealed class Threads(GoRegexProgram program)
    {
        private readonly int[] _order = new int[program.Length];
        private readonly int[] _place = new int[program.Length];
        private readonly int[] _slots = new int[program.Length * program.Slots];

        internal int Count { get; private set; }

        internal int this[int thread] => _order[thread];

        internal void Clear() => Count = 0;

        internal ReadOnlySpan<int> Slots(int thread) => _slots.AsSpan(thread * program.Slots, program.Slots);

        internal bool TryAdd(int index, int[] slots)
        {
            int place = _place[index];
            if (place < Count && _order[place] == index)
            {
                return false;
            }

            _place[index] = Count;
            _order[Count] = index;
            slots.CopyTo(_slots.AsSpan(Count * program.Slots));
            Count++;
            return true;
        }
    }
}
