namespace MapAgent.Procfs;

/// <summary>How one read ended. The set is closed: everything above Procfs decides by it and never sees an errno.</summary>
internal enum ReadOutcome
{
    /// <summary>Read and understood.</summary>
    Ok,

    /// <summary>The process ended (ENOENT, ESRCH after one reopen).</summary>
    Gone,

    /// <summary>The kernel refused (EACCES, EPERM).</summary>
    Denied,

    /// <summary>A zombie, a kernel thread, or a process that has just given up its memory: there is nothing to measure.</summary>
    NoAddressSpace,

    /// <summary>The bytes are not what the kernel documents.</summary>
    Malformed,

    /// <summary>Any other error of the machine (EMFILE, EIO).</summary>
    Failed,
}

/// <summary>The outcomes as label values.</summary>
internal static class ReadOutcomes
{
    /// <summary>How many outcomes there are.</summary>
    public const int Count = 6;

    private static readonly string[] s_labels = ["ok", "gone", "denied", "no_address_space", "malformed", "failed"];

    /// <summary>The value of the label <c>outcome</c>.</summary>
    public static string Label(this ReadOutcome outcome) => s_labels[(int)outcome];
}
