using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Alerts;

/// <summary>
/// Reads of an expression what the tests ask for: its selectors and the labels it groups and joins by. Whether it is valid PromQL is
/// promtool's to say, which a system test asks.
/// </summary>
internal sealed partial class PromQl
{
    private static readonly string[] s_listWords = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    private static readonly string[] s_words = ["and", "or", "unless", "bool", "offset"];
    private readonly List<Selector> _selectors = [];
    private readonly List<string> _labels = [];
    private readonly string[] _tokens;
    private int _at;

    /// <summary>Reads it; throws where brackets do not fit or something stands where it cannot.</summary>
    public PromQl(string expression)
    {
        _tokens = [.. Tokens().Matches(expression).Select(static match => match.Value)];
        string rest = Blanks().Replace(Tokens().Replace(expression, ""), "");
        if (rest.Length > 0)
        {
            throw new FormatException($"{rest} in {expression}");
        }

        Read([], "");
    }

    /// <summary>All selectors, in the order of the expression.</summary>
    public IReadOnlyList<Selector> Selectors => _selectors;

    /// <summary>All labels in by, without, on, ignoring, group_left and group_right.</summary>
    public IReadOnlyList<string> Labels => _labels;

    // What comes next; empty at the end.
    private string Peek() => _at < _tokens.Length ? _tokens[_at] : "";

    private void Read(string[] functions, string end)
    {
        while (Peek() != end)
        {
            if (Peek().Length == 0 || Peek() is ")" or "}" or "]")
            {
                throw new FormatException($"brackets do not fit before {string.Join(' ', _tokens.Skip(_at))}");
            }

            string token = _tokens[_at++];
            if (s_listWords.Contains(token))
            {
                ReadLabels(token);
            }
            else if (token == "(")
            {
                Read(functions, ")");
                _at++;
            }
            else if (IsName(token) && !s_words.Contains(token) && (Peek() == "(" || Peek() is "by" or "without"))
            {
                if (Peek() is "by" or "without")
                {
                    _at++;
                    ReadLabels("by");
                }

                Take("(");
                Read([.. functions, token], ")");
                _at++;
            }
            else if (token == "{" || (IsName(token) && !s_words.Contains(token)))
            {
                ReadSelector(token, functions);
            }
        }
    }

    private void ReadLabels(string word)
    {
        if (Peek() != "(")
        {
            // group_left may stand alone.
            if (word.StartsWith("group_", StringComparison.Ordinal))
            {
                return;
            }

            throw new FormatException($"{word} without labels");
        }

        for (_at++; Peek() != ")"; _at++)
        {
            if (Peek() != ",")
            {
                _labels.Add(IsName(Peek()) ? Peek() : throw new FormatException($"{Peek()} is no label"));
            }
        }

        _at++;
    }

    private void ReadSelector(string name, string[] functions)
    {
        List<Matcher> matchers = [];
        if (name == "{" || Peek() == "{")
        {
            _at += name == "{" ? 0 : 1;
            for (; Peek() != "}"; _at++)
            {
                if (Peek() != ",")
                {
                    matchers.Add(new Matcher(_tokens[_at], _tokens[_at + 1], _tokens[_at + 2][1..^1]));
                    _at += 2;
                }
            }

            _at++;
        }

        string range = Peek().StartsWith('[') ? _tokens[_at++][1..^1] : "";
        string metric = name == "{" ? matchers.FirstOrDefault(static m => m.Label == "__name__")?.Value ?? "" : name;
        _selectors.Add(new Selector(metric, [.. matchers.Where(static m => m.Label != "__name__")], range, functions));
    }

    private void Take(string token)
    {
        if (Peek() != token)
        {
            throw new FormatException($"{Peek()} where {token} should be");
        }

        _at++;
    }

    private static bool IsName(string token) => Name().IsMatch(token);

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|\[[^\[\]]*\]|\d[\w.]*|[a-zA-Z_:][\w:]*|=~|!~|!=|==|>=|<=|[-+*/%^(){}=<>,]")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("^[a-zA-Z_:]")]
    private static partial Regex Name();
}
