using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/mountinfo (fs/proc_namespace.c, show_mountinfo): <c>36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw</c>,
/// with a changing number of fields before the lone dash. Blank, tab, newline and backslash are written as three octal digits, in
/// types and sources the hash sign too. A source may be empty: two blanks stand there.
/// </summary>
internal static class MountInfo
{
    /// <summary>Reads the file.</summary>
    /// <param name="text">
    /// The file. It is empty for a process whose root is no mount and has none below. A zombie's cannot be opened (EINVAL).
    /// </param>
    /// <param name="mounts">Cleared; takes the mounts in the order of the file. Lines that are not understood are left out.</param>
    /// <returns>Ok; Malformed when a line was not understood or the last one was cut.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, List<MountEntry> mounts)
    {
        mounts.Clear();
        bool whole = text.IsEmpty || text[^1] == '\n';
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (ParseLine(line) is { } mount)
            {
                mounts.Add(mount);
            }
            else
            {
                whole = false;
            }
        }

        return whole ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }

    private static MountEntry? ParseLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line;
        if (!Digits.TryRead(Next(ref rest), int.MaxValue, out ulong id) || !Digits.TryRead(Next(ref rest), int.MaxValue, out ulong parent)
            || !TryDevice(Next(ref rest), out Device device))
        {
            return null;
        }

        ReadOnlySpan<byte> root = Next(ref rest);
        ReadOnlySpan<byte> point = Next(ref rest);
        ReadOnlySpan<byte> options = Next(ref rest);
        if (root.IsEmpty || point.IsEmpty || options.IsEmpty)
        {
            return null;
        }

        while (!Next(ref rest).SequenceEqual("-"u8))
        {
            if (rest.IsEmpty)
            {
                return null;
            }
        }

        ReadOnlySpan<byte> type = Next(ref rest);
        return type.IsEmpty || rest.IsEmpty ? null : new MountEntry
        {
            Id = (int)id,
            Parent = (int)parent,
            Device = device,
            Root = Unescape(root),
            Point = Unescape(point),
            Type = Encoding.UTF8.GetString(Unescape(type)),
        };
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    private static bool TryDevice(ReadOnlySpan<byte> field, out Device device)
    {
        int colon = field.IndexOf((byte)':');
        device = default;
        if (colon < 0 || !Digits.TryRead(field[..colon], uint.MaxValue, out ulong major)
            || !Digits.TryRead(field[(colon + 1)..], uint.MaxValue, out ulong minor))
        {
            return false;
        }

        device = new Device((uint)major, (uint)minor);
        return true;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> path)
    {
        byte[] plain = new byte[path.Length];
        int length = 0;
        for (int i = 0; i < path.Length; i++)
        {
            bool escaped = path[i] == '\\' && i + 3 < path.Length
                && path[i + 1] is >= (byte)'0' and <= (byte)'3' && IsOctal(path[i + 2]) && IsOctal(path[i + 3]);
            plain[length++] = escaped ? (byte)(((path[i + 1] - '0') << 6) | ((path[i + 2] - '0') << 3) | (path[i + 3] - '0')) : path[i];
            i += escaped ? 3 : 0;
        }

        return plain[..length];
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
