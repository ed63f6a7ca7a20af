using System;
using System.Runtime.InteropServices;

namespace MapAgent.Procfs;

/// <summary>
/// The records that getdents64(2) writes: ino (8 bytes), off (8), reclen (2), type (1), a NUL-ended name, padding.
/// </summary>
internal ref struct DirectoryEntries
{
    private const int NameOffset = 19;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first record.</summary>
    public DirectoryEntries(ReadOnlySpan<byte> records)
    {
        _rest = records;
        Current = default;
        Inode = 0;
    }

    /// <summary>The name without its NUL.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The inode number.</summary>
    public ulong Inode { get; private set; }

    /// <summary>How many records there are.</summary>
    public static int Count(ReadOnlySpan<byte> records)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in new DirectoryEntries(records))
        {
            count++;
        }

        return count;
    }

    /// <summary>What <c>foreach</c> asks for.</summary>
    public readonly DirectoryEntries GetEnumerator() => this;

    /// <summary>Moves to the next record.</summary>
    public bool MoveNext()
    {
        if (_rest.Length <= NameOffset)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest[16..]);
        ReadOnlySpan<byte> name = _rest[NameOffset..length];
        Current = name[..name.IndexOf((byte)0)];
        Inode = MemoryMarshal.Read<ulong>(_rest);
        _rest = _rest[length..];
        return true;
    }
}
