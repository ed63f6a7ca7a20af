using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>
/// One mapping as /proc/PID/maps, and the first line of each block of smaps, show it:
/// <c>7f00-7f80 rw-s 00001000 00:1a 1234      /dev/shm/name</c>. Everything but the path has a fixed form, so the path is what
/// is left, blanks included; a newline in it is written as <c>\012</c>.
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
        mapping.IsReadable = rights[0] == 'r';
        mapping.IsWritable = rights[1] == 'w';
        mapping.IsExecutable = rights[2] == 'x';
        mapping.IsShared = rights[3] == 's';
        if (!mapping.IsShared && rights[3] != 'p')
        {
            return false;
        }

        at += 5;
        if (!Hex(line, ref at, ' ', out mapping.Offset) || !Hex(line, ref at, ':', out ulong major) || !Hex(line, ref at, ' ', out ulong minor)
            || major > uint.MaxValue || minor > uint.MaxValue)
        {
            return false;
        }

        mapping.Device = new Device((uint)major, (uint)minor);
        return TryInode(line[at..], out mapping.Inode, out mapping.Path);
    }

    private static bool TryInode(ReadOnlySpan<byte> rest, out ulong inode, out ReadOnlySpan<byte> path)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> digits = end < 0 ? rest : rest[..end];
        ReadOnlySpan<byte> behind = end < 0 ? default : rest[end..];
        int start = behind.IndexOfAnyExcept((byte)' ');
        path = start < 0 ? default : behind[start..];
        return Utf8Parser.TryParse(digits, out inode, out int used) && used == digits.Length;
    }

    private static bool Hex(ReadOnlySpan<byte> line, ref int at, char end, out ulong value)
    {
        ReadOnlySpan<byte> digits = line[at..];
        ulong sum = 0;
        int i = 0;
        for (; i < digits.Length; i++)
        {
            // 0 to 9, or a to f behind them.
            uint digit = (uint)(digits[i] - '0');
            digit = digit <= 9 ? digit : (uint)(digits[i] - 'a') <= 5 ? (uint)(digits[i] - 'a' + 10) : 16;
            if (digit > 15)
            {
                break;
            }

            sum = (sum << 4) | digit;
        }

        value = sum;
        at += i + 1;
        return i is > 0 and <= 16 && i < digits.Length && digits[i] == end;
    }
}
