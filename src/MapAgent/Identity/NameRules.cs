using System;
using System.Buffers;

namespace MapAgent.Identity;

/// <summary>
/// What Kubernetes itself allows (apimachinery, util/validation: RFC 1123 labels and subdomains). What breaks these rules is no name,
/// whoever says it.
/// </summary>
internal static class NameRules
{
    private const int LongestLabel = 63;
    private const int LongestPod = 253;
    private static readonly SearchValues<char> s_label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Namespaces and containers.</summary>
    public static bool IsLabel(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= LongestLabel && IsAlphanumeric(name[0]) && IsAlphanumeric(name[^1])
        && !name.ContainsAnyExcept(s_label);

    /// <summary>Pods: labels parted by dots.</summary>
    public static bool IsPod(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestPod)
        {
            return false;
        }

        foreach (Range part in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[part];
            if (label.IsEmpty || !IsAlphanumeric(label[0]) || !IsAlphanumeric(label[^1])
                || label.ContainsAnyExcept(s_label))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A uid as cgroups show it: a UUID, or 32 digits of static pods.</summary>
    public static bool IsUid(ReadOnlySpan<char> text) =>
        IsStaticUid(text)
        || (text.Length is 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
            && IsHex(text[..8]) && IsHex(text[9..13]) && IsHex(text[14..18]) && IsHex(text[19..23]) && IsHex(text[24..]));

    /// <summary>What a pod that the kubelet runs from a file has for a uid: a hash.</summary>
    public static bool IsStaticUid(ReadOnlySpan<char> text) => text.Length is 32 && IsHex(text);

    /// <summary>A container's id.</summary>
    public static bool IsContainerId(ReadOnlySpan<char> text) => text.Length == 64 && IsHex(text);

    /// <summary>A node's name: like a pod's.</summary>
    public static bool IsNode(string text) => IsPod(text);

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hex);
}
