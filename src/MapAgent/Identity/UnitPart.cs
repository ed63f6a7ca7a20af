using System;
using System.Buffers;

namespace MapAgent.Identity;

/// <summary>One component of a cgroup path that may be a systemd unit, systemd.unit(5).</summary>
internal static class UnitPart
{
    private const int Longest = 255;
    private static readonly SearchValues<byte> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@"u8);

    /// <summary>A unit that has processes of its own; slices have none that are theirs alone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> part, out ReadOnlySpan<byte> unit)
    {
        unit = Unescape(part);
        int dot = unit.LastIndexOf((byte)'.');
        bool good = dot > 0 && IsName(unit) && unit[dot..] is var type
            && (type.SequenceEqual(".service"u8) || type.SequenceEqual(".scope"u8) || type.SequenceEqual(".socket"u8)
                || type.SequenceEqual(".mount"u8) || type.SequenceEqual(".swap"u8));
        unit = good ? unit : default;
        return good;
    }

    /// <summary>A slice: a node of systemd's tree.</summary>
    public static bool IsSlice(ReadOnlySpan<byte> part) => part.Length > ".slice".Length && part.EndsWith(".slice"u8) && IsName(Unescape(part));

    /// <summary>A user's own systemd, below which are the units of that user.</summary>
    public static bool IsUserInstance(ReadOnlySpan<byte> unit) => unit.StartsWith("user@"u8) && unit.EndsWith(".service"u8);

    // systemd puts an underscore before names that the kernel could take for a file of its own.
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> part) => part.StartsWith("_"u8) ? part[1..] : part;

    private static bool IsName(ReadOnlySpan<byte> text) => text.Length is > 0 and <= Longest && !text.ContainsAnyExcept(s_allowed);
}
