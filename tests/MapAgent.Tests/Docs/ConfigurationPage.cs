using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Hosting;
using MapAgent.Tests.Architecture;

namespace MapAgent.Tests.Docs;

/// <summary>mapagent.yaml(5), made from docs/configuration.md, which other tests hold to the code.</summary>
internal static class ConfigurationPage
{
    private const string Start = "## The file\n";

    /// <summary>The page.</summary>
    public static string Render()
    {
        string text = File.ReadAllText(RepositoryRoot.File("docs/configuration.md"));
        Roff page = new("MAPAGENT.YAML", 5, "File Formats");
        page.Heading("Name").Text("mapagent.yaml - configuration of mapagent")
            .Heading("Synopsis").Text($"`{AgentFlags.DefaultFile}`")
            .Heading("Description")
            .Paragraph("YAML. The file may be missing, and every key may: what is left out keeps its default. `mapagent check` says every error with file "
                + "and line. SIGHUP (`systemctl reload mapagent`) reads the file again; a bad one is refused.");
        Body(page, text[(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..]);
        return page.Heading("See also").Text("`mapagent`(1)").ToString();
    }

    // Of Markdown only what that document uses: headings, tables, fenced blocks, lists, paragraphs.
    private static void Body(Roff page, string text)
    {
        foreach (string block in Blocks(text))
        {
            if (block.StartsWith("```", StringComparison.Ordinal))
            {
                page.Verbatim(Regex.Replace(block, "^```.*\n|\n```$", ""));
            }
            else if (block.StartsWith('#'))
            {
                page.Heading(block.TrimStart('#', ' ').Replace("`", ""), block.StartsWith("###", StringComparison.Ordinal) ? 2 : 1);
            }
            else if (block.StartsWith('|'))
            {
                Table(page, block);
            }
            else if (block.StartsWith("- ", StringComparison.Ordinal))
            {
                foreach (string point in block[2..].Split("\n- "))
                {
                    page.Point(Regex.Replace(point, "\n *", " "));
                }
            }
            else
            {
                page.Paragraph(block);
            }
        }
    }

    // A blank line ends a block, but not inside a fence.
    private static IEnumerable<string> Blocks(string text)
    {
        List<string> block = [];
        bool fenced = false;
        foreach (string line in text.Split('\n').Append(""))
        {
            fenced ^= line.StartsWith("```", StringComparison.Ordinal);
            if (line.Length > 0 || fenced)
            {
                block.Add(line);
            }
            else if (block.Count > 0)
            {
                yield return string.Join('\n', block);
                block.Clear();
            }
        }
    }

    private static void Table(Roff page, string block)
    {
        string[][] rows = [.. block.Split('\n').Select(static row => Regex.Split(row.Trim('|', ' '), @"\s*\|\s*"))];
        string[] heads = rows[0];
        foreach (string[] row in rows.Skip(2))
        {
            string tag = row[0];
            string text = row[^1];
            if (heads.Length == 3 && heads[1] == "default" && row[1].Length > 0)
            {
                text += $" (default: {row[1]})";
            }

            page.Item(tag, text);
        }
    }
}
