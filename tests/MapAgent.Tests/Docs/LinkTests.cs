using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Docs;

/// <summary>A reader who follows a link inside the repository arrives.</summary>
public sealed class LinkTests
{
    private static readonly EnumerationOptions s_everywhere = new()
    {
        RecurseSubdirectories = true,
        // A captured tree may hold links to folders; .git and the like are hidden.
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
    };

    private static readonly string[] s_made = ["bin", "obj", "artifacts", "TestResults"];

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        List<string> broken = [];
        int links = 0;
        foreach (string file in Documents())
        {
            foreach (string target in Targets(File.ReadAllText(file)))
            {
                links++;
                if (!LeadsSomewhere(file, target))
                {
                    broken.Add($"{Path.GetRelativePath(RepositoryRoot.Path, file)} links to {target}");
                }
            }
        }

        Assert.Empty(broken);
        Assert.True(links > 0, "no link was found");
    }

    [Theory]
    [InlineData("[a](b.md)", "b.md")]
    [InlineData("see [`a`](b/c.md#d) and [e](<f g.md>)", "b/c.md#d f g.md")]
    [InlineData("![picture](p.png \"title\")", "p.png")]
    [InlineData("[label]: b.md", "b.md")]
    [InlineData("[out](https://example.org/x) and [mail](mailto:x@example.org)", "")]
    [InlineData("`[code](no.md)`", "")]
    [InlineData("```\n[code](no.md)\n```\n[text](yes.md)", "yes.md")]
    public void Links_are_found_and_code_is_not_taken_for_one(string text, string targets) =>
        Assert.Equal(targets, string.Join(' ', Targets(text)));

    private static IEnumerable<string> Documents() => Directory.EnumerateFiles(RepositoryRoot.Path, "*.md", s_everywhere)
        .Where(static file => !Path.GetRelativePath(RepositoryRoot.Path, file).Split('/').Intersect(s_made).Any());

    private static IEnumerable<string> Targets(string text)
    {
        string prose = Regex.Replace(WithoutBlocks(text), "`[^`\n]*`", "x");
        return Regex.Matches(prose, @"\]\((?:<(?<to>[^>\n]+)>|(?<to>[^)\s]+))[^)\n]*\)|^\[[^\]\n]+\]:\s*(?<to>\S+)", RegexOptions.Multiline)
            .Select(static match => match.Groups["to"].Value)
            .Where(static target => !Regex.IsMatch(target, "^[a-z]+:"));
    }

    private static string WithoutBlocks(string text) => Regex.Replace(text, "^ *```.*?^ *```", "", RegexOptions.Singleline | RegexOptions.Multiline);

    private static bool LeadsSomewhere(string file, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = Path.GetFullPath(parts[0].Length > 0 ? Path.Combine(Path.GetDirectoryName(file)!, parts[0]) : file);
        bool inside = path == RepositoryRoot.Path || path.StartsWith(RepositoryRoot.Path + "/", StringComparison.Ordinal);
        return inside && (parts.Length == 1
            ? File.Exists(path) || Directory.Exists(path)
            : File.Exists(path) && Headings(File.ReadAllText(path)).Contains(parts[1]));
    }

    // As GitHub names them: lower case, letters, digits, - and _ stay, blanks become dashes.
    private static IEnumerable<string> Headings(string text) => Regex.Matches(WithoutBlocks(text), "^#+ (.*)$", RegexOptions.Multiline)
        .Select(static match => Regex.Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));
}
