using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace MapAgent.Procfs;

/// <summary>
/// A line of smaps as the kernel lays it out: the name and its colon in 16 bytes, the number in the next eight, and
/// <c> kB</c> (fs/proc/task_mmu.c, SEQ_PUT_DEC). Of 25 lines of a mapping 22 are so, and reading them one like the other takes a
/// third of the time of looking for names, blanks and ends. Whatever is laid out differently is read the long way.
/// </summary>
internal static class SmapsSize
{
    /// <summary>Bytes of such a line with its newline.</summary>
    public const int Length = 28;

    private const int NameLength = 16;
    private const sbyte None = -1;
    private const ulong Blanks = 0x2020_2020_2020_2020;
    private const ulong Zero = 0x3020_2020_2020_2020;
    private const uint Unit = 0x0A42_6B20; // " kB\n"

    // The three parts of Pss are in smaps_rollup alone.
    private static ReadOnlySpan<byte> Names =>
        "Size:           KernelPageSize: MMUPageSize:    Rss:            Pss:            Pss_Dirty:      Shared_Clean:   Shared_Dirty:   "u8
        + "Private_Clean:  Private_Dirty:  Referenced:     Anonymous:      KSM:            LazyFree:       AnonHugePages:  ShmemPmdMapped: "u8
        + "FilePmdMapped:  Shared_Hugetlb: Private_Hugetlb:Swap:           SwapPss:        Locked:         "u8;

    private static ReadOnlySpan<sbyte> Fields =>
    [
        None, None, None, (sbyte)RollupField.Rss, (sbyte)RollupField.Pss, (sbyte)RollupField.PssDirty, (sbyte)RollupField.SharedClean,
        (sbyte)RollupField.SharedDirty, (sbyte)RollupField.PrivateClean, (sbyte)RollupField.PrivateDirty, (sbyte)RollupField.Referenced,
        (sbyte)RollupField.Anonymous, (sbyte)RollupField.Ksm, (sbyte)RollupField.LazyFree, (sbyte)RollupField.AnonHugePages,
        (sbyte)RollupField.ShmemPmdMapped, (sbyte)RollupField.FilePmdMapped, (sbyte)RollupField.SharedHugetlb, (sbyte)RollupField.PrivateHugetlb,
        (sbyte)RollupField.Swap, (sbyte)RollupField.SwapPss, (sbyte)RollupField.Locked,
    ];

    /// <summary>How many such lines there are.</summary>
    public static int Count => Names.Length / NameLength;

    /// <summary>The line that is likely next where a field is.</summary>
    public static int LineOf(int field)
    {
        int line = 0;
        while (line < Count && Fields[line] < field)
        {
            line++;
        }

        return line;
    }

    /// <summary>Reads the first line of a text, if it is the one that is expected in the layout that is expected.</summary>
    /// <param name="text">Lines.</param>
    /// <param name="line">Which line, by its place among those of a mapping.</param>
    /// <param name="field">Number of the field that it holds; -1 for those that smaps_rollup does not have.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>False when it is another line or laid out differently, which means nothing.</returns>
    public static bool TryTake(ReadOnlySpan<byte> text, int line, out int field, out long bytes)
    {
        field = None;
        bytes = 0;
        if (text.Length < Length || line >= Count || Vector128.Create(text) != Vector128.Create(Names.Slice(line * NameLength, NameLength))
            || BinaryPrimitives.ReadUInt32LittleEndian(text[24..]) != Unit)
        {
            return false;
        }

        field = Fields[line];
        // Most numbers are zero.
        ulong characters = BinaryPrimitives.ReadUInt64LittleEndian(text[16..]);
        return characters == Zero || TryNumber(characters, out bytes);
    }

    // Eight characters, blanks and then digits. Digits are 0x30 to 0x39 and the blank is 0x20: with 0x20 taken away, bit 4 tells
    // one from the other.
    private static bool TryNumber(ulong characters, out long bytes)
    {
        ulong values = characters ^ Blanks;
        ulong digits = values & 0x1010_1010_1010_1010;
        ulong low = values & 0x0F0F_0F0F_0F0F_0F0F;
        ulong notDigits = (values & 0xE0E0_E0E0_E0E0_E0E0) | ((low + 0x0606_0606_0606_0606) & 0x1010_1010_1010_1010);
        ulong notBlanks = (low + 0x0F0F_0F0F_0F0F_0F0F) & 0x1010_1010_1010_1010 & ~digits;
        bool blankBehindDigit = ((digits << 8) & ~digits) != 0;
        bytes = 0;
        if ((notDigits | notBlanks) != 0 || blankBehindDigit || digits >> 60 == 0)
        {
            return false;
        }

        // Pairs, then fours, then all eight: the first character is the lowest byte.
        low = (low * 10) + (low >> 8);
        ulong kibibytes = (((low & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((low >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
        bytes = (long)(uint)kibibytes * 1024;
        return true;
    }
}
