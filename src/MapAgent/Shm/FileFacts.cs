using System;
using System.Buffers.Binary;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>What statx(2) says of one file (include/uapi/linux/stat.h, struct statx).</summary>
internal readonly ref struct FileFacts
{
    /// <summary>Length of the kernel's answer.</summary>
    public const int Size = 256;

    private const int TypeMask = 0xF000;
    private readonly ReadOnlySpan<byte> _answer;

    /// <summary>Reads an answer where it lies.</summary>
    public FileFacts(ReadOnlySpan<byte> answer) => _answer = answer;

    /// <summary>The filesystem instance.</summary>
    public Device Device => new(U32(136), U32(140));

    /// <summary>Inode number.</summary>
    public ulong Inode => BinaryPrimitives.ReadUInt64LittleEndian(_answer[32..]);

    /// <summary>How many names it has; 0 when it is unlinked.</summary>
    public uint Links => U32(16);

    /// <summary>Owner, in the agent's user namespace.</summary>
    public uint Uid => U32(20);

    /// <summary>Permission bits.</summary>
    public int Mode => BinaryPrimitives.ReadUInt16LittleEndian(_answer[28..]) & 0xFFF;

    /// <summary>True for directories.</summary>
    public bool IsDirectory => (BinaryPrimitives.ReadUInt16LittleEndian(_answer[28..]) & TypeMask) == 0x4000;

    /// <summary>Allocated bytes, not the apparent size: holes take nothing.</summary>
    public long AllocatedBytes => (long)BinaryPrimitives.ReadUInt64LittleEndian(_answer[48..]) * 512;

    /// <summary>Apparent size.</summary>
    public long SizeBytes => (long)BinaryPrimitives.ReadUInt64LittleEndian(_answer[40..]);

    /// <summary>The latest of birth, change of the inode and change of the content, in seconds since 1970. Stores through mappings do not show.</summary>
    public long ChangedAt => Math.Max(Seconds(80), Math.Max(Seconds(96), Seconds(112)));

    /// <summary>Which mount it is reached through; 0 before Linux 5.8.</summary>
    public ulong MountId => (U32(0) & 0x1000) != 0 ? BinaryPrimitives.ReadUInt64LittleEndian(_answer[144..]) : 0;

    /// <summary>Whether it is the top of a mount; null before Linux 5.8.</summary>
    public bool? IsMountRoot => (Attributes(56) & 0x2000) != 0 ? (Attributes(8) & 0x2000) != 0 : null;

    private ulong Attributes(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_answer[at..]);

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_answer[at..]);

    private long Seconds(int at) => BinaryPrimitives.ReadInt64LittleEndian(_answer[at..]);
}
