using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace MapAgent.Selection;

/// <summary>
/// A regular expression of Go 1.19 (RE2 syntax, as process-exporter's files hold them): the same patterns accepted and refused, the same
/// match and the same captures, in time linear in the text.
/// </summary>
/// <remarks>
/// It has a machine of its own because none of .NET's three fits. The backtracking ones take exponential time for some patterns, and the
/// automaton of .NET 10 (RegexOptions.NonBacktracking) finds another match: <c>c?\w*a</c> in <c>b\nac\na</c> at 5 instead of 2.
/// Known difference: of Unicode's sets, categories such as <c>\p{Lu}</c> are there, scripts such as <c>\p{Greek}</c> are refused.
/// </remarks>
internal sealed class GoRegex
{
    private readonly GoRegexProgram _program;
    private readonly IReadOnlyDictionary<string, int> _names;
    private GoRegexMachine? _spare;

    private GoRegex(GoRegexProgram program, IReadOnlyDictionary<string, int> names) => (_program, _names) = (program, names);

    /// <summary>The names of the groups.</summary>
    internal IEnumerable<string> GroupNames => _names.Keys;

    /// <summary>Compiles a pattern.</summary>
    /// <returns>False when it is wrong; <paramref name="error"/> tells what is wrong, at which column, and how to mend it.</returns>
    internal static bool TryCompile(string pattern, [NotNullWhen(true)] out GoRegex? regex, [NotNullWhen(false)] out string? error)
    {
        regex = null;
        GoRegexParser parser = new(pattern);
        if (!parser.TryParse(out GoRegexNode? node, out error))
        {
            return false;
        }

        if (!GoRegexProgram.TryCompile(node, parser.LastCapture, out GoRegexProgram program))
        {
            error = "the counts in {...} make the pattern too long to run: lower them, or use * or +";
            return false;
        }

        regex = new GoRegex(program, parser.Names);
        return true;
    }

    /// <summary>Whether the pattern matches anywhere in <paramref name="text"/>.</summary>
    internal bool IsMatch(string text) => TryMatch(text, null, out _, out _);

    /// <summary>Finds the leftmost match and sets every named group in <paramref name="captures"/>, to "" where it took no part.</summary>
    /// <returns>False when there is no match; the captures are then left as they are.</returns>
    internal bool TryMatch(string text, IDictionary<string, string>? captures, out int index, out int length)
    {
        // A machine is dear to make and only one thread may use it: the last one is kept for whoever comes next.
        GoRegexMachine machine = Interlocked.Exchange(ref _spare, null) ?? new GoRegexMachine(_program);
        (index, length) = (0, 0);
        bool matched = machine.TryMatch(text, out ReadOnlySpan<int> slots);
        if (matched)
        {
            (index, length) = (slots[0], slots[1] - slots[0]);
            Copy(text, slots, captures);
        }

        _spare = machine;
        return matched;
    }

    private void Copy(string text, ReadOnlySpan<int> slots, IDictionary<string, string>? captures)
    {
        if (captures is null)
        {
            return;
        }

        foreach ((string name, int capture) in _names)
        {
            int start = slots[capture * 2];
            captures[name] = start < 0 ? "" : text[start..slots[(capture * 2) + 1]];
        }
    }
}
