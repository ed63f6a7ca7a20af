using System;
using System.Buffers;

namespace MapAgent.Identity;

/// <summary>
/// One component of a cgroup path that may end in a container's id, <c>cri-containerd-ID.scope</c>: 64 hexadecimal digits, or 32 and
/// a number as ECS makes them; a runtime may stand in front, parted by a dash or colon.
/// </summary>
internal static class ContainerPart
{
    private const int LongId = 64;
    private const int TaskId = 32;
    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Finds the id at the end of a component.</summary>
    /// <param name="part">Without slashes.</param>
    /// <param name="runtime">What stands in front, such as <c>crio</c>; may be empty.</param>
    /// <param name="id">The id.</param>
    public static bool TryParse(ReadOnlySpan<byte> part, out ReadOnlySpan<byte> runtime, out ReadOnlySpan<byte> id)
    {
        part = part.EndsWith(".scope"u8) ? part[..^".scope".Length] : part;
        int whole = part.Length >= LongId && IsHex(part[^LongId..]) ? part.Length - LongId : -1;
        int task = TaskStart(part);
        int start = 0;
        while (whole >= 0 || task >= 0)
        {
            if (TryFrom(part, start, Math.Min(whole, task), out runtime, out id) || TryFrom(part, start, Math.Max(whole, task), out runtime, out id)
                || TryBare(part, start, whole, out runtime, out id) || TryBare(part, start, task, out runtime, out id))
            {
                return true;
            }

            // Colons part a component too: kubepods-pod1.slice:cri-containerd:ID.
            int colon = part[start..].IndexOf((byte)':');
            if (colon < 0)
            {
                break;
            }

            start += colon + 1;
        }

        runtime = default;
        id = default;
        return false;
    }

    /// <summary>Whether all are lower-case hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(s_hex);

    private static bool TryFrom(ReadOnlySpan<byte> part, int start, int at, out ReadOnlySpan<byte> runtime, out ReadOnlySpan<byte> id)
    {
        runtime = default;
        id = default;
        if (at < start + 2 || part[at - 1] is not ((byte)'-' or (byte)':') || !IsRuntime(part[start..(at - 1)]))
        {
            return false;
        }

        runtime = part[start..(at - 1)];
        id = part[at..];
        return true;
    }

    private static bool TryBare(ReadOnlySpan<byte> part, int start, int at, out ReadOnlySpan<byte> runtime, out ReadOnlySpan<byte> id)
    {
        runtime = default;
        id = at == start ? part[at..] : default;
        return at == start;
    }

    private static int TaskStart(ReadOnlySpan<byte> part)
    {
        int dash = part.LastIndexOf((byte)'-');
        bool isNumbered = dash >= TaskId && dash < part.Length - 1 && part[(dash + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        return isNumbered && IsHex(part[(dash - TaskId)..dash]) ? dash - TaskId : -1;
    }

    private static bool IsRuntime(ReadOnlySpan<byte> text)
    {
        if (!char.IsAsciiLetter((char)text[0]))
        {
            return false;
        }

        foreach (byte one in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'.' or (byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }
}
