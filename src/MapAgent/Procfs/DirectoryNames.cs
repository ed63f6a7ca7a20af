using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>The names in a directory, and nothing else of its entries: nothing is opened, no link is followed.</summary>
internal static class DirectoryNames
{
    /// <summary>Lists a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="names">Takes the names; invalid UTF-8 is replaced.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="isCut">True when there were more.</param>
    public static ReadOutcome List(string path, List<string> names, int most, out bool isCut)
    {
        isCut = false;
        try
        {
            using ProcReader reader = new(new ProcRoot(path));
            return reader.ListNames(names, most, out isCut);
        }
        catch (IOException)
        {
            // The reader says it in words for people only.
            return Directory.Exists(path) ? ReadOutcome.Denied : ReadOutcome.Gone;
        }
    }

    /// <summary>Takes the names of records that getdents64(2) wrote, without <c>.</c> and <c>..</c>.</summary>
    /// <returns>False when there is no room for all.</returns>
    public static bool Take(ReadOnlySpan<byte> records, List<string> names, int most)
    {
        foreach (ReadOnlySpan<byte> name in new DirectoryEntries(records))
        {
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            {
                continue;
            }

            if (names.Count == most)
            {
                return false;
            }

            names.Add(Encoding.UTF8.GetString(name));
        }

        return true;
    }
}
