using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/mountinfo (proc.rst 3.5): <c>36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw</c>, with a changing
/// number of fields before the lone dash. Blank, tab, newline and backslash in paths are written as three octal digits.
/// </summary>
internal static class MountInfo
{
    /// <summary>Reads the file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="mounts">Cleared; takes the mounts in the order of the file. Lines that are not understood are left out.</param>
    /// <returns>Ok; Malformed when a line was not understood; NoAddressSpace, a zombie's answer, when there is no line.</returns>
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

        return !whole ? ReadOutcome.Malformed : mounts.Count == 0 ? ReadOutcome.NoAddressSpace : ReadOutcome.Ok;
    }

    private static MountEntry? ParseLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line;
        if (!TryNumber(Next(ref rest), out int id) || !TryNumber(Next(ref rest), out int parent) || !TryDevice(Next(ref rest), out Device device))
        {
            return null;
        }

        ReadOnlySpan<byte> root = Next(ref rest);
        ReadOnlySpan<byte> point = Next(ref rest);
        int dash = rest.IndexOf(" - "u8);
        if (root.IsEmpty || point.IsEmpty || dash < 0)
        {
            return null;
        }

        rest = rest[(dash + 3)..];
        ReadOnlySpan<byte> type = Next(ref rest);
        return type.IsEmpty ? null : new MountEntry
        {
            Id = id,
            Parent = parent,
            Device = device,
            Root = Unescape(root),
            Point = Unescape(point),
            Type = Encoding.UTF8.GetString(type),
        };
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    private static bool TryNumber(ReadOnlySpan<byte> field, out int number) =>
        Utf8Parser.TryParse(field, out number, out int used) && used == field.Length && number >= 0;

    private static bool TryDevice(ReadOnlySpan<byte> field, out Device device)
    {
        int colon = field.IndexOf((byte)':');
        device = default;
        if (colon < 0 || !TryNumber(field[..colon], out int major) || !TryNumber(field[(colon + 1)..], out int minor))
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
            bool escaped = path[i] == '\\' && i + 3 < path.Length && IsOctal(path[i + 1]) && IsOctal(path[i + 2]) && IsOctal(path[i + 3]);
            plain[length++] = escaped ? (byte)(((path[i + 1] - '0') << 6) | ((path[i + 2] - '0') << 3) | (path[i + 3] - '0')) : path[i];
            i += escaped ? 3 : 0;
        }

        return plain[..length];
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
