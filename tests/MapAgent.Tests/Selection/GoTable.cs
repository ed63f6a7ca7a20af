using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace MapAgent.Tests.Selection;

/// <summary>Answers recorded from Go: one line a case, cells between tabs, each escaped as in a JSON string.</summary>
internal static class GoTable
{
    /// <summary>Reads a file of the folder Fixtures, which stays in the source tree above the directory the tests run from.</summary>
    internal static IReadOnlyList<string[]> Read(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "Selection", "Fixtures", name);
            if (File.Exists(path))
            {
                return Array.ConvertAll(File.ReadAllLines(path), static line => Array.ConvertAll(line.Split('\t'), Unescape));
            }
        }

        throw new FileNotFoundException(name);
    }

    private static string Unescape(string cell)
    {
        using JsonDocument document = JsonDocument.Parse($"\"{cell}\"");
        return document.RootElement.GetString()!;
    }
}
