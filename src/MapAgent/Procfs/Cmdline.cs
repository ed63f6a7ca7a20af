using System;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/cmdline: the arguments, each ended by NUL, in the process's own memory: it may have written anything there, and
/// titles set by setproctitle have no NULs between words. Empty for kernel threads and zombies.
/// </summary>
internal static class Cmdline
{
    /// <summary>The arguments as text, invalid UTF-8 replaced; the NULs at the end give no empty arguments.</summary>
    public static string[] Parse(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        // A title that was wiped leaves only NULs: one empty argument, not none.
        text = text.TrimEnd((byte)0);

        string[] arguments = new string[text.Count((byte)0) + 1];
        for (int i = 0; i < arguments.Length; i++)
        {
            int end = text.IndexOf((byte)0);
            ReadOnlySpan<byte> argument = end < 0 ? text : text[..end];
            arguments[i] = Encoding.UTF8.GetString(argument);
            text = end < 0 ? default : text[(end + 1)..];
        }

        return arguments;
    }
}
