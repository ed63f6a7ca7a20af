using System;

namespace MapAgent.Identity;

/// <summary>Where names come from; the more privilege, the further down, and the more it is believed.</summary>
internal enum SourceKind
{
    /// <summary>What is mounted in containers.</summary>
    Mounts,

    /// <summary>Names of log files.</summary>
    Logs,

    /// <summary>The node's kubelet.</summary>
    Kubelet,

    /// <summary>The API server.</summary>
    Api,
}

/// <summary>The sources as they are written in the configuration and in the label <c>source</c>.</summary>
internal static class SourceKinds
{
    private static readonly string[] s_labels = ["mounts", "logs", "kubelet", "api"];

    /// <summary>All of them, in order.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The word.</summary>
    public static string Label(this SourceKind source) => s_labels[(int)source];

    /// <summary>The source of a word.</summary>
    public static bool TryParse(string word, out SourceKind source)
    {
        source = (SourceKind)Array.IndexOf(s_labels, word);
        return source >= 0;
    }
}
