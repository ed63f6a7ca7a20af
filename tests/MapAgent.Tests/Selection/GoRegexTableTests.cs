using System.Collections.Generic;
using System.Text;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Selection;

/// <summary>The machine gives what Go itself gave: Fixtures/go-regexp.tsv, written by Fixtures/go-regexp.go.</summary>
public sealed class GoRegexTableTests
{
    [Fact]
    public void Every_recorded_answer_of_go_is_reproduced()
    {
        List<string> wrong = [];
        IReadOnlyList<string[]> rows = GoTable.Read("go-regexp.tsv");
        foreach (string[] row in rows)
        {
            string expected = string.Join('|', row[2..]);
            string actual = Answer(row[0], row[1]);
            if (actual != expected)
            {
                wrong.Add($"{row[0]} in {row[1]}: Go {expected}, here {actual}");
            }
        }

        Assert.True(rows.Count > 900);
        Assert.Empty(wrong);
    }

    private static string Answer(string pattern, string text)
    {
        if (!GoRegex.TryCompile(pattern, out GoRegex? regex, out _))
        {
            return "error";
        }

        Dictionary<string, string> captures = [];
        if (!regex.TryMatch(text, captures, out int index, out int length))
        {
            return "none";
        }

        int before = 0;
        foreach (Rune _ in text[..index].EnumerateRunes())
        {
            before++;
        }

        StringBuilder answer = new();
        answer.Append("match|").Append(before).Append('|').Append(text, index, length);
        foreach (string name in regex.GroupNames)
        {
            answer.Append('|').Append(name).Append('=').Append(captures[name]);
        }

        return answer.ToString();
    }
}
