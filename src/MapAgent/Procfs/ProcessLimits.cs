using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/limits, of which the soft limits on memory are wanted: <c>Max locked memory         8388608   8388608   bytes</c>.
/// Readable by everybody.
/// </summary>
internal struct ProcessLimits
{
    /// <summary>What stands for <c>unlimited</c>.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>RLIMIT_AS, bytes; null where the kernel did not say.</summary>
    public long? AddressSpace;

    /// <summary>RLIMIT_DATA.</summary>
    public long? Data;

    /// <summary>RLIMIT_STACK.</summary>
    public long? Stack;

    /// <summary>RLIMIT_MEMLOCK.</summary>
    public long? Locked;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed when a known line has no limit or none is there.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out ProcessLimits limits)
    {
        limits = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!Take(line, "Max address space "u8, ref limits.AddressSpace) || !Take(line, "Max data size "u8, ref limits.Data)
                || !Take(line, "Max stack size "u8, ref limits.Stack) || !Take(line, "Max locked memory "u8, ref limits.Locked))
            {
                return ReadOutcome.Malformed;
            }
        }

        return limits.AddressSpace is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }

    private static bool Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long? limit)
    {
        if (!line.StartsWith(name))
        {
            return true;
        }

        ReadOnlySpan<byte> soft = line[name.Length..].TrimStart((byte)' ');
        int end = soft.IndexOf((byte)' ');
        soft = end < 0 ? default : soft[..end];
        if (soft.SequenceEqual("unlimited"u8))
        {
            limit = Unlimited;
            return true;
        }

        // The kernel's unlimited is 2^64 - 1; what does not fit 63 bits limits nothing either.
        bool isNumber = Utf8Parser.TryParse(soft, out ulong bytes, out int used) && used == soft.Length && used > 0;
        limit = isNumber ? (long)Math.Min(bytes, Unlimited) : null;
        return isNumber;
    }
}
