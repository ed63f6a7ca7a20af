using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>/proc/uptime: <c>350735.47 234388.90</c>, seconds since boot and idle seconds. Unlike the wall clock it never steps.</summary>
internal static class Uptime
{
    /// <summary>Reads the first number.</summary>
    /// <returns>Ok; Malformed also for a time that no machine is up, 136 years and more: spans of it would overflow.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out double seconds) =>
        Utf8Parser.TryParse(text, out seconds, out int used) && used < text.Length && text[used] == ' ' && seconds is >= 0 and <= uint.MaxValue
            ? ReadOutcome.Ok
            : ReadOutcome.Malformed;
}
