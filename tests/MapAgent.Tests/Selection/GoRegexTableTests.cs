using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Selection;

/// <summary>The translation gives what Go itself gave: Fixtures/go-regexp.tsv, written by Fixtures/go-regexp.go.</summary>
public sealed class GoRegexTableTests
{
    [Fact]
    public void Every_recorded_answer_of_go_is_reproduced()
    {
        List<string> wrong = [];
        string[] lines = File.ReadAllLines(Fixture("go-regexp.tsv"));
        foreach (string line in lines)
        {
            string[] cells = Array.ConvertAll(line.Split('\t'), Unescape);
            string expected = string.Join('\t', cells[2..]);
            string actual = Answer(cells[0], cells[1]);
            if (actual != expected)
            {
                wrong.Add($"{line.Replace('\t', '|')}: got {actual.Replace('\t', '|')}");
            }
        }

        Assert.True(lines.Length > 800);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length}:\n{string.Join('\n', wrong)}");
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
        answer.Append("match\t").Append(before).Append('\t').Append(text, index, length);
        foreach (string name in regex.GroupNames)
        {
            answer.Append('\t').Append(name).Append('=').Append(captures[name]);
        }

        return answer.ToString();
    }

    private static string Unescape(string cell)
    {
        using JsonDocument document = JsonDocument.Parse($"\"{cell}\"");
        return document.RootElement.GetString()!;
    }

    // The fixtures stay in the source tree, which is above the directory the tests run from.
    private static string Fixture(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "Selection", "Fixtures", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException(name);
    }
}
