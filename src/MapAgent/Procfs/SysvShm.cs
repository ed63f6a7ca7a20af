using System;
using System.Collections.Generic;
using System.Globalization;

namespace MapAgent.Procfs;

/// <summary>One System V segment.</summary>
/// <param name="Id">The shmid, unique in its IPC namespace at one time.</param>
/// <param name="Key">The key; 0 for private segments.</param>
/// <param name="Mode">Permissions; with 01000 it goes when the last process detaches (IPC_RMID), with 02000 it is locked.</param>
/// <param name="SizeBytes">As asked for; pages come at the first touch.</param>
/// <param name="CreatorPid">In the pid namespace of the creator; it may have ended.</param>
/// <param name="Attached">How many times it is attached.</param>
/// <param name="Uid">The owner.</param>
/// <param name="ChangedAt">Seconds since 1970.</param>
/// <param name="ResidentBytes">Pages in memory.</param>
/// <param name="SwapBytes">Pages in swap.</param>
internal readonly record struct SysvSegment(
    int Id, int Key, uint Mode, long SizeBytes, int CreatorPid, long Attached, uint Uid, long ChangedAt, long ResidentBytes, long SwapBytes);

/// <summary>
/// /proc/sysvipc/shm (ipc/shm.c, sysvipc_shm_proc_show): a line of headings and one line for each segment of the reader's IPC
/// namespace: key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap.
/// </summary>
internal static class SysvShm
{
    private const int Columns = 16;

    /// <summary>Reads the file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="segments">Cleared; takes the segments. Lines that are not understood are left out.</param>
    /// <returns>Ok; Malformed when a line was not understood or the headings are missing.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, List<SysvSegment> segments)
    {
        segments.Clear();
        bool headed = false;
        bool whole = !text.IsEmpty && text[^1] == '\n';
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!headed)
            {
                headed = line.TrimStart((byte)' ').StartsWith("key"u8);
                whole &= headed;
            }
            else if (TryParse(line, out SysvSegment segment))
            {
                segments.Add(segment);
            }
            else
            {
                whole = false;
            }
        }

        return whole ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out SysvSegment segment)
    {
        segment = default;
        Span<long> column = stackalloc long[Columns];
        ReadOnlySpan<byte> rest = line;
        for (int i = 0; i < Columns; i++)
        {
            rest = rest.TrimStart((byte)' ');
            int end = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..];
            if (!long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out column[i]))
            {
                return false;
            }
        }

        // Permissions are octal digits.
        if (!TryOctal(column[2], out uint mode) || column[3] < 0 || column[14] < 0 || column[15] < 0)
        {
            return false;
        }

        segment = new SysvSegment(
            (int)column[1], (int)column[0], mode, column[3], (int)column[4], column[6], (uint)column[7], column[13], column[14], column[15]);
        return true;
    }

    private static bool TryOctal(long digits, out uint value)
    {
        value = 0;
        if (digits is < 0 or > 77_777)
        {
            return false;
        }

        for (long place = 10_000; place > 0; place /= 10)
        {
            long digit = digits / place % 10;
            if (digit > 7)
            {
                return false;
            }

            value = (value << 3) | (uint)digit;
        }

        return true;
    }
}
