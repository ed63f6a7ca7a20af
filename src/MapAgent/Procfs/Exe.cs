using System;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>/proc/PID/exe, a link to the program file; needs the same right as ptrace.</summary>
internal static class Exe
{
    /// <summary>The link's text. The kernel adds <c> (deleted)</c> to a removed file's path; a file may really be named so.</summary>
    public static string Parse(ReadOnlySpan<byte> link) => Encoding.UTF8.GetString(link);
}
