using System;

namespace MapAgent.Sampling;

/// <summary>Why a process has no rollup in the sums, as values of the label <c>reason</c>.</summary>
internal enum Unmeasured
{
    /// <summary>The kernel refused.</summary>
    Denied,

    /// <summary>Its turn has not come, or its last rollup is too old.</summary>
    Budget,

    /// <summary>The rule leaves it out: rollup: never, min_rss, min_age.</summary>
    Filtered,

    /// <summary>It ended during the pass, or is a zombie.</summary>
    Gone,

    /// <summary>The file was malformed or the machine failed to read it.</summary>
    Failed,
}

/// <summary>The reasons as label values.</summary>
internal static class UnmeasuredReasons
{
    private static readonly string[] s_labels = ["denied", "budget", "filtered", "gone", "failed"];

    /// <summary>All reasons, in the order of the enumeration.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;
}
