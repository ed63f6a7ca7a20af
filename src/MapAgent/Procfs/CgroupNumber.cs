using System;

namespace MapAgent.Procfs;

/// <summary>A file of a cgroup that holds one number, or <c>max</c>: memory.max, memory.current, in v1 memory.usage_in_bytes.</summary>
internal static class CgroupNumber
{
    /// <summary>What <c>max</c> means.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>v1 writes no limit as the largest number of whole pages; with pages of 64 KiB that is the least of them.</summary>
    public const long LeastUnlimited = long.MaxValue - 0xFFFF;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        if (text.SequenceEqual("max\n"u8))
        {
            number = Unlimited;
            return ReadOutcome.Ok;
        }

        if (text.IsEmpty || text[^1] != '\n' || !Digits.TryRead(text[..^1], long.MaxValue, out ulong bytes))
        {
            return ReadOutcome.Malformed;
        }

        number = (long)bytes >= LeastUnlimited ? Unlimited : (long)bytes;
        return ReadOutcome.Ok;
    }
}
