using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>/proc/stat, of which only the line <c>btime 1700000000</c> is wanted: when the node booted.</summary>
internal struct HostStat
{
    /// <summary>Seconds since 1970.</summary>
    public long BootTime;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed without a readable btime.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out HostStat stat)
    {
        stat = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (line.StartsWith("btime "u8))
            {
                return Utf8Parser.TryParse(line[6..], out stat.BootTime, out int used) && used == line.Length - 6 && stat.BootTime > 0
                    ? ReadOutcome.Ok
                    : ReadOutcome.Malformed;
            }
        }

        return ReadOutcome.Malformed;
    }
}
