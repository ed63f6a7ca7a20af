using System;

namespace MapAgent.Procfs;

/// <summary>/proc/meminfo: lines <c>Shmem:    1234 kB</c>. Bytes; null where the kernel has no such line.</summary>
internal struct MemInfo
{
    /// <summary>Memory the kernel manages.</summary>
    public long? MemTotal;

    /// <summary>What programs can still get without swapping.</summary>
    public long? MemAvailable;

    /// <summary>tmpfs, System V, memfd and shared anonymous memory together.</summary>
    public long? Shmem;

    /// <summary>Reads the file. Lines that are no sizes (HugePages_Total) and unknown ones are passed over.</summary>
    /// <returns>Ok; Malformed when a known line has no size or MemTotal is missing.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out MemInfo meminfo)
    {
        meminfo = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!Take(line, "MemTotal:"u8, ref meminfo.MemTotal) || !Take(line, "MemAvailable:"u8, ref meminfo.MemAvailable)
                || !Take(line, "Shmem:"u8, ref meminfo.Shmem))
            {
                return ReadOutcome.Malformed;
            }
        }

        return meminfo.MemTotal is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }

    private static bool Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long? value)
    {
        if (!line.StartsWith(name))
        {
            return true;
        }

        bool readable = KbLine.TryParse(line, out KbLine size);
        value = readable ? size.Bytes : null;
        return readable;
    }
}
