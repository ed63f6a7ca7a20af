using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>/proc/sys/vm/max_map_count: how many mappings one process may have, <c>65530</c>.</summary>
internal static class MaxMapCount
{
    /// <summary>Reads the number.</summary>
    /// <returns>Ok or Malformed.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out long mappings) =>
        Utf8Parser.TryParse(text, out mappings, out int used) && mappings >= 0 && text[used..].SequenceEqual("\n"u8)
            ? ReadOutcome.Ok
            : ReadOutcome.Malformed;
}
