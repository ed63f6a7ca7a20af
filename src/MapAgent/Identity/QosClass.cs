namespace MapAgent.Identity;

/// <summary>The quality of service of a pod, as its cgroup shows it.</summary>
internal enum QosClass
{
    /// <summary>Not in a pod, or the part of the path that says it is out of sight.</summary>
    None,

    /// <summary>Requests equal limits: such pods have no directory of their class.</summary>
    Guaranteed,

    /// <summary>Some request.</summary>
    Burstable,

    /// <summary>No request.</summary>
    BestEffort,
}

/// <summary>The classes as Kubernetes spells them.</summary>
internal static class QosClasses
{
    /// <summary>The text; null for <see cref="QosClass.None"/>.</summary>
    public static string? Text(this QosClass qos) => qos switch
    {
        QosClass.Guaranteed => "Guaranteed",
        QosClass.Burstable => "Burstable",
        QosClass.BestEffort => "BestEffort",
        _ => null,
    };

    /// <summary>
    /// Finds <c>burstable</c> or <c>besteffort</c> in the component where <c>kubepods</c> stands or at the start of the next one;
    /// where there is only <c>kubepods</c> the class is guaranteed.
    /// </summary>
    public static QosClass Of(System.ReadOnlySpan<byte> path)
    {
        QosClass found = QosClass.None;
        int from = 0;
        while (System.MemoryExtensions.IndexOf(path[from..], "kubepods"u8) is >= 0 and int next)
        {
            from += next + "kubepods".Length;
            QosClass here = After(path[from..]);
            found = here != QosClass.None ? here : found == QosClass.None ? QosClass.Guaranteed : found;
        }

        return found;
    }

    private static QosClass After(System.ReadOnlySpan<byte> rest)
    {
        rest = System.MemoryExtensions.StartsWith(rest, ".slice"u8) ? rest[".slice".Length..] : rest;
        if (rest.IsEmpty || rest[0] is not ((byte)'/' or (byte)'-'))
        {
            return QosClass.None;
        }

        // Of several places the last one counts; none lies behind the next slash.
        QosClass found = Word(rest[1..]);
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] is (byte)'/' or (byte)'-' && Word(rest[(i + 1)..]) is not QosClass.None and QosClass word)
            {
                found = word;
            }

            if (rest[i] == '/')
            {
                break;
            }
        }

        return found;
    }

    private static QosClass Word(System.ReadOnlySpan<byte> text) =>
        Starts(text, "besteffort"u8) ? QosClass.BestEffort : Starts(text, "burstable"u8) ? QosClass.Burstable : QosClass.None;

    private static bool Starts(System.ReadOnlySpan<byte> text, System.ReadOnlySpan<byte> word) =>
        System.MemoryExtensions.StartsWith(text, word)
        && (text.Length == word.Length || !(char.IsAsciiLetterOrDigit((char)text[word.Length]) || text[word.Length] == '_'));
}
