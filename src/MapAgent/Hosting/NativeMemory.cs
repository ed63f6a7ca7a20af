using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace MapAgent.Hosting;

/// <summary>
/// Keeps the agent's own memory small; what each step bought is in docs/decisions/0007. Nothing here changes what the agent
/// does, and every step may be refused by the C library or the kernel.
/// </summary>
internal static partial class NativeMemory
{
    // malloc.h, glibc: numbers of the parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;
    private const int Threshold = 64 * 1024;
    private const int DontNeed = 4;

    /// <summary>
    /// Gives large blocks back to the kernel when they are freed, and keeps all others in one arena: compressors come and go
    /// with every scrape, on any thread.
    /// </summary>
    public static void LimitArenas()
    {
        try
        {
            _ = SetOption(ArenaMax, 1) + SetOption(MmapThreshold, Threshold) + SetOption(TrimThreshold, Threshold);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one arena and no options; there is nothing to limit.
            return;
        }
    }

    /// <summary>
    /// Called when the agent has started: collects what only the start needed, and lets go of the pages of the program file
    /// that only the start ran through. They are clean: what is needed again comes back from the page cache by a minor fault.
    /// </summary>
    public static void LetGoOfStart()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        LetGoOfProgram();
    }

    /// <summary>Called when many connections have gone: gives back what they took, of managed memory, of OpenSSL's and of the program file.</summary>
    public static void LetGoOfCrowd()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Handles of connections that were cut off are freed by their finalizers.
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl gives back by itself.
        }

        LetGoOfProgram();
    }

    private static void LetGoOfProgram()
    {
        foreach ((nint start, nint length) in CleanProgramPages())
        {
            // Refused pages just stay.
            _ = Advise(start, length, DontNeed);
        }
    }

    private static List<(nint Start, nint Length)> CleanProgramPages()
    {
        List<(nint, nint)> ranges = [];
        if (Environment.ProcessPath is not { } program || !File.Exists("/proc/self/smaps"))
        {
            return ranges;
        }

        (nint Start, nint Length)? candidate = null;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.EndsWith(program, StringComparison.Ordinal) && line.Contains(" r", StringComparison.Ordinal))
            {
                candidate = line.Contains(" r-xp ", StringComparison.Ordinal) || line.Contains(" r--p ", StringComparison.Ordinal) ? Range(line) : null;
            }
            else if (candidate is { } range && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                // A page that was written (a relocated one) is anonymous, and would be lost.
                if (line.EndsWith(" 0 kB", StringComparison.Ordinal))
                {
                    ranges.Add(range);
                }

                candidate = null;
            }
        }

        return ranges;
    }

    private static (nint Start, nint Length)? Range(string line)
    {
        int dash = line.IndexOf('-', StringComparison.Ordinal);
        int end = line.IndexOf(' ', StringComparison.Ordinal);
        return nint.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nint from)
            && nint.TryParse(line.AsSpan(dash + 1, end - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nint to)
            ? (from, to - from)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint keep);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
