using System;
using System.Collections.Generic;

namespace MapAgent.Procfs;

/// <summary>One System V segment.</summary>
/// <param name="Id">The shmid, unique in its IPC namespace at one time.</param>
/// <param name="Key">The key; 0 for private segments.</param>
/// <param name="Mode">Permissions; with 01000 it goes when the last process detaches (IPC_RMID), with 02000 it is locked.</param>
/// <param name="SizeBytes">As asked for; pages come at the first touch.</param>
/// <param name="CreatorPid">As the reader's pid namespace numbers it, 0 when it does not; the process may have ended.</param>
/// <param name="Attached">How many times it is attached.</param>
/// <param name="Uid">The owner.</param>
/// <param name="ChangedAt">Seconds since 1970.</param>
/// <param name="ResidentBytes">Pages in memory.</param>
/// <param name="SwapBytes">Pages in swap.</param>
internal readonly record struct SysvSegment(
    int Id, int Key, uint Mode, long SizeBytes, int CreatorPid, long Attached, uint Uid, long ChangedAt,
    long ResidentBytes, long SwapBytes);

/// <summary>
/// /proc/sysvipc/shm (ipc/shm.c, sysvipc_shm_proc_show): a line of headings and one line for each segment of the reader's IPC
/// namespace: key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap.
/// </summary>
internal static class SysvShm
{
    private const int Permissions = 2;

    // The largest number that the kernel's type for a column holds, in the order of the headings.
    private static ReadOnlySpan<ulong> Most =>
    [
        1UL << 31, int.MaxValue, 0, long.MaxValue, int.MaxValue, int.MaxValue, long.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue,
        uint.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue,
    ];

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
        ReadOnlySpan<byte> rest = line.TrimStart((byte)' ');
        bool negative = !rest.IsEmpty && rest[0] == '-';
        rest = negative ? rest[1..] : rest;
        Span<ulong> column = stackalloc ulong[Most.Length];
        for (int i = 0; i < column.Length; i++)
        {
            int end = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..].TrimStart((byte)' ');
            if (i == Permissions ? !TryOctal(field, out column[i]) : !Digits.TryRead(field, Most[i], out column[i]))
            {
                return false;
            }
        }

        long key = negative ? -(long)column[0] : (long)column[0];
        if (key > int.MaxValue)
        {
            return false;
        }

        segment = new SysvSegment(
            (int)column[1], (int)key, (uint)column[Permissions], (long)column[3], (int)column[4], (long)column[6], (uint)column[7],
            (long)column[13], (long)column[14], (long)column[15]);
        return true;
    }

    private static bool TryOctal(ReadOnlySpan<byte> field, out ulong value)
    {
        value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        // umode_t has 16 bits.
        return field.Length is > 0 and <= 6 && value <= ushort.MaxValue;
    }
}
