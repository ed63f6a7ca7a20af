using System;
using System.Runtime.CompilerServices;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/smaps_rollup: the sums over all mappings of a process. A sum of several rollups has the same shape.
/// The file is a header line that ends in <c>[rollup]</c> and then lines like <c>Pss_Anon:            1234 kB</c>.
/// </summary>
internal struct SmapsRollup
{
    /// <summary>How many fields there are.</summary>
    public const int FieldCount = 22;

    private Values _bytes;
    private uint _present;

    /// <summary>Bytes of a field; null where the kernel did not say.</summary>
    public readonly long? this[RollupField field] => (_present >> (int)field & 1) != 0 ? _bytes[(int)field] : null;

    /// <summary>Unique set size: what would be freed if the process ended; hugetlb apart. Saturates as <see cref="Add"/> does.</summary>
    public readonly long? Uss => this[RollupField.PrivateClean] + this[RollupField.PrivateDirty] is { } sum ? (sum < 0 ? long.MaxValue : sum) : null;

    /// <summary>Adds another rollup, field by field.</summary>
    public void Add(in SmapsRollup other)
    {
        _present |= other._present;
        for (int i = 0; i < FieldCount; i++)
        {
            // Saturates: sums over hostile fixtures must not turn negative.
            long sum = unchecked(_bytes[i] + other._bytes[i]);
            _bytes[i] = sum < 0 ? long.MaxValue : sum;
        }
    }

    /// <summary>Reads the file. Unknown fields are passed over, known ones must be readable.</summary>
    /// <returns>
    /// Ok; NoAddressSpace for an empty file, which is no data and never zero bytes of memory; Malformed when a line is cut, a
    /// known field has no value, or Rss is missing.
    /// </returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out SmapsRollup rollup)
    {
        rollup = default;
        if (text.IsEmpty)
        {
            return ReadOutcome.NoAddressSpace;
        }

        int header = text.IndexOf((byte)'\n');
        if (header < 0 || !text[..header].EndsWith("[rollup]"u8) || text[^1] != '\n')
        {
            return ReadOutcome.Malformed;
        }

        text = text[(header + 1)..];
        int expected = 0;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            if (!rollup.Take(text[..end], ref expected))
            {
                return ReadOutcome.Malformed;
            }

            text = text[(end + 1)..];
        }

        return rollup[RollupField.Rss] is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }

    /// <summary>Takes one line behind the header, or one of a mapping in smaps. Unknown fields are passed over.</summary>
    /// <param name="line">The line without its newline.</param>
    /// <param name="expected">Number of the field that is likely next; moves on.</param>
    /// <returns>False when a known field has no value.</returns>
    public bool Take(ReadOnlySpan<byte> line, ref int expected)
    {
        int field = Find(line, expected);
        if (field < 0)
        {
            return true;
        }

        if (!KbLine.TryValue(line[(Name((RollupField)field).Length + 1)..], out long bytes))
        {
            return false;
        }

        Set((RollupField)field, bytes);
        expected = field + 1;
        return true;
    }

    /// <summary>Sets a field that was read elsewhere.</summary>
    public void Set(RollupField field, long bytes)
    {
        _bytes[(int)field] = bytes;
        _present |= 1u << (int)field;
    }

    private static int Find(ReadOnlySpan<byte> line, int expected)
    {
        // Kernels print the fields in one order, some leaving some out: the one after the last is nearly always it.
        for (int i = 0; i < FieldCount; i++)
        {
            int field = expected + i < FieldCount ? expected + i : expected + i - FieldCount;
            ReadOnlySpan<byte> name = Name((RollupField)field);
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name))
            {
                return field;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Name(RollupField field) => field switch
    {
        RollupField.Rss => "Rss"u8,
        RollupField.Pss => "Pss"u8,
        RollupField.PssDirty => "Pss_Dirty"u8,
        RollupField.PssAnon => "Pss_Anon"u8,
        RollupField.PssFile => "Pss_File"u8,
        RollupField.PssShmem => "Pss_Shmem"u8,
        RollupField.SharedClean => "Shared_Clean"u8,
        RollupField.SharedDirty => "Shared_Dirty"u8,
        RollupField.PrivateClean => "Private_Clean"u8,
        RollupField.PrivateDirty => "Private_Dirty"u8,
        RollupField.Referenced => "Referenced"u8,
        RollupField.Anonymous => "Anonymous"u8,
        RollupField.Ksm => "KSM"u8,
        RollupField.LazyFree => "LazyFree"u8,
        RollupField.AnonHugePages => "AnonHugePages"u8,
        RollupField.ShmemPmdMapped => "ShmemPmdMapped"u8,
        RollupField.FilePmdMapped => "FilePmdMapped"u8,
        RollupField.SharedHugetlb => "Shared_Hugetlb"u8,
        RollupField.PrivateHugetlb => "Private_Hugetlb"u8,
        RollupField.Swap => "Swap"u8,
        RollupField.SwapPss => "SwapPss"u8,
        RollupField.Locked => "Locked"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    [InlineArray(FieldCount)]
    private struct Values
    {
        private long _first;
    }
}
