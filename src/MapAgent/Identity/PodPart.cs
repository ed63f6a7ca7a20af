using System;

namespace MapAgent.Identity;

/// <summary>
/// One component of a cgroup path that may hold a pod's uid, <c>kubepods-burstable-podUID.slice</c>: in groups parted by dashes, or
/// by underscores as systemd wants them, or 32 digits on end for static pods.
/// </summary>
internal static class PodPart
{
    private const int Uuid = 36;
    private const int Hash = 32;

    /// <summary>Finds the last uid in a component.</summary>
    public static bool TryParse(ReadOnlySpan<byte> part, out ReadOnlySpan<byte> uid)
    {
        uid = default;
        int from = 0;
        while (part[from..].IndexOf("pod"u8) is >= 0 and int next)
        {
            int at = from + next;
            from = at + "pod".Length;
            ReadOnlySpan<byte> rest = part[from..];
            int length = at > 0 && part[at - 1] != '-' ? 0 : IsUuid(rest) ? Uuid : rest.Length >= Hash && ContainerPart.IsHex(rest[..Hash]) ? Hash : 0;
            if (length > 0 && (rest.Length == length || rest[length..].StartsWith(".slice"u8)))
            {
                uid = rest[..length];
            }
        }

        return !uid.IsEmpty;
    }

    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length < Uuid || text[8] is not ((byte)'-' or (byte)'_'))
        {
            return false;
        }

        for (int i = 0; i < Uuid; i++)
        {
            bool good = i is 8 or 13 or 18 or 23 ? text[i] == text[8] : ContainerPart.IsHex(text.Slice(i, 1));
            if (!good)
            {
                return false;
            }
        }

        return true;
    }
}
