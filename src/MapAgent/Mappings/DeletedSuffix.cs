using System;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// Tells a deleted file from one that is really named so. The kernel adds <c> (deleted)</c> to the path of a mapped file that has
/// no name any more (d_path, fs/d_path.c), and anybody may give a file such a name.
/// </summary>
internal static class DeletedSuffix
{
    /// <summary>Whether the path ends so.</summary>
    public static bool Is(ReadOnlySpan<byte> path) => path.EndsWith(" (deleted)"u8);

    /// <summary>The path without it.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> path) => path[..^" (deleted)"u8.Length];

    /// <summary>Whether a file whose path ends so is found under just that path.</summary>
    /// <param name="reader">Counts the look.</param>
    /// <param name="process">The process that maps it, in whose root the path is looked up.</param>
    /// <param name="path">The path as smaps shows it.</param>
    /// <param name="file">The file that is mapped.</param>
    /// <param name="mayWait">Whether the lookup may ask a filesystem.</param>
    /// <returns>False also where it cannot be told: then the kernel's word stands.</returns>
    public static bool IsName(ProcReader reader, in ProcessDirectory process, ReadOnlySpan<byte> path, FileIdentity file, bool mayWait)
    {
        ReadOutcome outcome = RootPath.Find(process, Plain(path), mayWait, out FileIdentity found);
        reader.Ledger.Record(ProcFile.MappedFile, outcome);
        return outcome == ReadOutcome.Ok && file.IsSameFile(found);
    }

    /// <summary>The path as it is on disk: smaps escapes the newline and nothing else, not even the backslash.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> path) =>
        path.IndexOf("\\012"u8) < 0 ? path : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(path).Replace("\\012", "\n", StringComparison.Ordinal));
}
