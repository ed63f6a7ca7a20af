using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Docs;

/// <summary>The Helm chart's README is made from the comments of its values; its copies of rules and dashboards are the project's.</summary>
public sealed partial class ChartDocumentTests
{
    private const string Chart = "deploy/helm/mapagent";
    private const string Begin = "<!-- values: made by ChartDocumentTests -->\n";
    private const string End = "<!-- end of values -->\n";

    [Fact]
    public void The_table_of_values_is_the_one_of_the_comments()
    {
        string readme = File.ReadAllText(RepositoryRoot.File(Chart + "/README.md"));
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        int end = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin > 0 && end > begin);
        string table = Table(File.ReadAllLines(RepositoryRoot.File(Chart + "/values.yaml")));
        Golden.Compare(Chart + "/README.md", readme[..(begin + Begin.Length)] + table + readme[end..]);
    }

    [Theory]
    [InlineData("# -- Text.\na: 1", "| `a` | `1` | Text. |")]
    [InlineData("a:\n  # -- Text.\n  b: \"\"\n  # -- More.\n  c: [x, y]", "| `a.b` | `\"\"` | Text. |\n| `a.c` | `[x, y]` | More. |")]
    [InlineData("# -- Map.\na:\n  b: 1\n  c: 2\n# -- Next.\nd: null", "| `a` | see values.yaml | Map. |\n| `d` | `null` | Next. |")]
    public void A_commented_key_is_a_line(string values, string lines) =>
        Assert.Equal("| value | default | meaning |\n|---|---|---|\n" + lines + "\n", Table(values.Split('\n')));

    [Fact]
    public void A_key_without_comment_is_an_error() =>
        Assert.Throws<FormatException>(static () => Table(["a: 1"]));

    [Theory]
    [InlineData("alerts", "*.rules.yml")]
    [InlineData("dashboards", "*.json")]
    public void The_chart_has_the_project_s_files_and_no_others(string folder, string pattern)
    {
        // deploy/helm/sync.sh copies them.
        Assert.Equal(Files(folder, pattern), Files($"{Chart}/files/{folder}", "*"));
    }

    [Fact]
    public void Chart_image_and_program_have_one_version()
    {
        string version = VersionPattern().Match(File.ReadAllText(RepositoryRoot.File("Directory.Build.props"))).Groups[1].Value;
        Assert.Contains($"\nappVersion: {version}\n", File.ReadAllText(RepositoryRoot.File(Chart + "/Chart.yaml")),
            StringComparison.Ordinal);
        Assert.Contains($"\nARG VERSION={version}\n", File.ReadAllText(RepositoryRoot.File("Dockerfile")), StringComparison.Ordinal);

        // Who builds and pushes as documented has the tag that the chart asks for.
        foreach (string document in new[] { "README.md", "docs/container.md", "docs/helm.md", "Dockerfile" })
        {
            string[] images = [.. ImagePattern().Matches(File.ReadAllText(RepositoryRoot.File(document))).Select(static match => match.Groups[1].Value)];
            Assert.NotEmpty(images);
            Assert.All(images, tag => Assert.Equal(":" + version, tag));
        }
    }

    private static SortedDictionary<string, string> Files(string folder, string pattern)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        string path = RepositoryRoot.File(folder);
        foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path, pattern) : [])
        {
            files[Path.GetFileName(file)] = File.ReadAllText(file);
        }

        return files;
    }

    // A line for each key with a comment "# -- ..." above it; what is below such a key is its default. A key without one must have
    // commented keys below it.
    private static string Table(string[] lines)
    {
        StringBuilder table = new("| value | default | meaning |\n|---|---|---|\n");
        Stack<(int Indent, string Path)> above = new([(-1, "")]);
        string? comment = null;
        int skip = int.MaxValue;
        foreach (string line in lines)
        {
            Match match = KeyPattern().Match(line);
            int indent = line.Length - line.TrimStart().Length;
            if (line.TrimStart().StartsWith("# -- ", StringComparison.Ordinal))
            {
                comment = line.TrimStart()[5..];
                skip = int.MaxValue;
            }
            else if (match.Success && indent <= skip)
            {
                while (above.Peek().Indent >= indent)
                {
                    above.Pop();
                }

                string path = above.Peek().Path + match.Groups["key"].Value;
                string value = match.Groups["value"].Value;
                if (comment is not null)
                {
                    table.Append("| `").Append(path).Append("` | ").Append(value.Length > 0 ? $"`{value}`" : "see values.yaml")
                        .Append(" | ").Append(comment).Append(" |\n");
                    skip = indent;
                }
                else if (value.Length > 0)
                {
                    throw new FormatException($"values.yaml: {path} has no comment");
                }

                above.Push((indent, path + "."));
                comment = null;
            }
        }

        return table.ToString();
    }

    [GeneratedRegex("^ *(?<key>[A-Za-z][A-Za-z]*):(?: (?<value>.+))?$")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"(?:localhost|registry\.example\.org)/mapagent([^\s`]*)")]
    private static partial Regex ImagePattern();

    [GeneratedRegex("<VersionPrefix>(.+)</VersionPrefix>")]
    private static partial Regex VersionPattern();
}
