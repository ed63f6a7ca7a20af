using System;

namespace MapAgent.Procfs;

/// <summary>
/// The target of a link in /proc/PID/ns: <c>mnt:[4026531841]</c> (fs/nsfs.c, ns_get_name). The number is the namespace's own
/// while it lives.
/// </summary>
internal static class NamespaceLink
{
    /// <summary>Reads a link's target.</summary>
    /// <returns>Ok; Malformed when there is no number in brackets at its end.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> target, out ulong number)
    {
        number = 0;
        int open = target.IndexOf(":["u8);
        bool good = open > 0 && target[^1] == ']' && Digits.TryRead(target[(open + 2)..^1], ulong.MaxValue, out number) && number > 0;
        return good ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }
}
