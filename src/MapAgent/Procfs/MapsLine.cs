using System;

namespace MapAgent.Procfs;

/// <summary>
/// One mapping as /proc/PID/maps, and the first line of each block of smaps, show it (fs/proc/task_mmu.c, show_map_vma):
/// <c>7f00-7f80 rw-s 00001000 00:1a 1234      /dev/shm/name</c>. Everything but the path has a fixed form, so the path is what
/// is left, blanks included; only a newline in it is written otherwise, as <c>\012</c>. A blank follows the inode number also
/// where there is no path.
/// </summary>
internal ref struct MapsLine
{
    /// <summary>First address.</summary>
    public ulong Start;

    /// <summary>First address behind it.</summary>
    public ulong End;

    /// <summary>Offset in the file, in bytes.</summary>
    public ulong Offset;

    /// <summary>The filesystem instance; 0:0 when no file is mapped.</summary>
    public Device Device;

    /// <summary>Inode number; for System V segments the shmid.</summary>
    public ulong Inode;

    /// <summary>May be read.</summary>
    public bool IsReadable;

    /// <summary>May be written.</summary>
    public bool IsWritable;

    /// <summary>May be executed.</summary>
    public bool IsExecutable;

    /// <summary>Changes are shared, not private.</summary>
    public bool IsShared;

    /// <summary>Path or name in brackets; empty for plain anonymous memory.</summary>
    public ReadOnlySpan<byte> Path;

    /// <summary>Bytes of address space.</summary>
    public readonly ulong Size => End - Start;

    /// <summary>Reads a line.</summary>
    /// <returns>False when it is no such line, whole; then nothing in <paramref name="mapping"/> counts.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out MapsLine mapping)
    {
        mapping = default;
        int at = 0;
        if (!Hex(line, ref at, '-', out mapping.Start) || !Hex(line, ref at, ' ', out mapping.End) || mapping.End <= mapping.Start
            || line.Length < at + 5 || line[at + 4] != ' ')
        {
            return false;
        }

        ReadOnlySpan<byte> rights = line.Slice(at, 4);
        if (!Flag(rights[0], 'r', '-', out mapping.IsReadable) || !Flag(rights[1], 'w', '-', out mapping.IsWritable)
            || !Flag(rights[2], 'x', '-', out mapping.IsExecutable) || !Flag(rights[3], 's', 'p', out mapping.IsShared))
        {
            return false;
        }

        at += 5;
        if (!Hex(line, ref at, ' ', out mapping.Offset) || !Hex(line, ref at, ':', out ulong major)
            || !Hex(line, ref at, ' ', out ulong minor) || major > uint.MaxValue || minor > uint.MaxValue)
        {
            return false;
        }

        mapping.Device = new Device((uint)major, (uint)minor);
        return TryInode(line[at..], out mapping.Inode, out mapping.Path);
    }

    private static bool TryInode(ReadOnlySpan<byte> rest, out ulong inode, out ReadOnlySpan<byte> path)
    {
        int end = rest.IndexOf((byte)' ');
        inode = 0;
        path = default;
        if (end < 0 || !Digits.TryRead(rest[..end], ulong.MaxValue, out inode))
        {
            return false;
        }

        path = rest[end..].TrimStart((byte)' ');
        return true;
    }

    private static bool Flag(byte letter, char yes, char no, out bool value)
    {
        value = letter == yes;
        return value || letter == no;
    }

    private static bool Hex(ReadOnlySpan<byte> line, ref int at, char end, out ulong value)
    {
        int start = at;
        value = 0;
        for (; at < line.Length && at - start <= 16; at++)
        {
            int c = line[at];
            int digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0)
            {
                break;
            }

            value = (value << 4) | (uint)digit;
        }

        if (at == start || at - start > 16 || at == line.Length || line[at] != end)
        {
            return false;
        }

        at++;
        return true;
    }
}
