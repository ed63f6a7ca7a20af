using System;

namespace MapAgent.Procfs;

/// <summary>
/// One line of the form <c>Pss_Anon:     1234 kB</c>, as in smaps_rollup, smaps, meminfo and status. kB means KiB.
/// </summary>
internal readonly ref struct KbLine
{
    private KbLine(ReadOnlySpan<byte> name, long bytes)
    {
        Name = name;
        Bytes = bytes;
    }

    /// <summary>What stands before the colon.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Reads one line without its newline.</summary>
    /// <returns>False when it is not of this form or its bytes do not fit 63 bits.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out KbLine parsed)
    {
        parsed = default;
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        if (!TryValue(line[(colon + 1)..], out long bytes))
        {
            return false;
        }

        parsed = new KbLine(line[..colon], bytes);
        return true;
    }

    /// <summary>Reads what stands behind the colon, for callers that know the name already.</summary>
    /// <returns>False when it is no size or its bytes do not fit 63 bits.</returns>
    public static bool TryValue(ReadOnlySpan<byte> line, out long bytes)
    {
        bytes = 0;
        int at = 0;
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        ulong kibibytes = 0;
        int first = at;
        while (at < line.Length && (uint)(line[at] - '0') <= 9)
        {
            // 2^53 KiB is 2^63 bytes: one digit more would not fit.
            if (kibibytes > (1UL << 53) / 10)
            {
                return false;
            }

            kibibytes = (kibibytes * 10) + (uint)(line[at] - '0');
            at++;
        }

        if (at == first || kibibytes >= 1UL << 53 || !line[at..].SequenceEqual(" kB"u8))
        {
            return false;
        }

        bytes = (long)kibibytes * 1024;
        return true;
    }
}
