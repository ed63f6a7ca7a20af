using System;

namespace MapAgent.Procfs;

/// <summary>/proc/vmstat: lines <c>pgmajfault 1234</c>, counters since boot. Null where the kernel has no such line.</summary>
internal struct VmStat
{
    /// <summary>All faults, the major ones included.</summary>
    public long? PageFaults;

    /// <summary>Faults that waited for a disk.</summary>
    public long? MajorFaults;

    /// <summary>Anonymous pages read back soon after they were evicted (split from the file's since 5.9).</summary>
    public long? RefaultsAnon;

    /// <summary>File pages read back soon after they were evicted; before 5.9 the one counter of both.</summary>
    public long? RefaultsFile;

    /// <summary>Pages read from swap.</summary>
    public long? SwapInPages;

    /// <summary>Pages written to swap.</summary>
    public long? SwapOutPages;

    // Counts of pages become bytes: so many fit 63 bits with pages of 64 KiB.
    private const long MostPages = 1L << 47;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed when a known line has no number or no known line is there.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out VmStat vmstat)
    {
        vmstat = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!Take(line, "pgfault "u8, ref vmstat.PageFaults) || !Take(line, "pgmajfault "u8, ref vmstat.MajorFaults)
                || !Take(line, "workingset_refault_anon "u8, ref vmstat.RefaultsAnon)
                || !Take(line, "workingset_refault_file "u8, ref vmstat.RefaultsFile)
                || !Take(line, "workingset_refault "u8, ref vmstat.RefaultsFile)
                || !Take(line, "pswpin "u8, ref vmstat.SwapInPages) || !Take(line, "pswpout "u8, ref vmstat.SwapOutPages))
            {
                return ReadOutcome.Malformed;
            }
        }

        return vmstat.PageFaults is null && vmstat.MajorFaults is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }

    private static bool Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long? value)
    {
        if (!line.StartsWith(name))
        {
            return true;
        }

        if (!System.Buffers.Text.Utf8Parser.TryParse(line[name.Length..], out long number, out int used)
            || used != line.Length - name.Length || number is < 0 or > MostPages)
        {
            return false;
        }

        value = number;
        return true;
    }
}
