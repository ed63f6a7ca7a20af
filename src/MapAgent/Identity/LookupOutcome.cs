using System;

namespace MapAgent.Identity;

/// <summary>How one lookup of names ended.</summary>
internal enum LookupOutcome
{
    /// <summary>Answered and understood.</summary>
    Ok,

    /// <summary>Nothing there: no such directory, nobody listens, no such host.</summary>
    Gone,

    /// <summary>Not allowed: file permissions, no token, 401, 403.</summary>
    Denied,

    /// <summary>No whole answer in time.</summary>
    Timeout,

    /// <summary>No list of pods, or one that ends early.</summary>
    Malformed,

    /// <summary>More than is taken.</summary>
    TooLarge,

    /// <summary>The certificate does not hold.</summary>
    Untrusted,

    /// <summary>Anything else, such as 500.</summary>
    Failed,
}

/// <summary>The outcomes as label values.</summary>
internal static class LookupOutcomes
{
    private static readonly string[] s_labels = ["ok", "gone", "denied", "timeout", "malformed", "too_large", "untrusted", "failed"];

    /// <summary>All of them, in order.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The value of the label <c>outcome</c>.</summary>
    public static string Label(this LookupOutcome outcome) => s_labels[(int)outcome];
}
