using System;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>A hint given with madvise(2) that leaves a trace. MADV_WILLNEED, DONTNEED, COLD and the like leave none.</summary>
internal enum Advice
{
    /// <summary>MADV_SEQUENTIAL.</summary>
    Sequential,

    /// <summary>MADV_RANDOM: no readahead, each page a fault of its own.</summary>
    Random,

    /// <summary>MADV_HUGEPAGE.</summary>
    HugePage,

    /// <summary>MADV_NOHUGEPAGE; since Linux 6.7 stacks of threads as well, whose MAP_STACK means the same.</summary>
    NoHugePage,

    /// <summary>MADV_DONTFORK.</summary>
    DontFork,

    /// <summary>MADV_DONTDUMP.</summary>
    DontDump,

    /// <summary>MADV_WIPEONFORK.</summary>
    WipeOnFork,

    /// <summary>MADV_MERGEABLE.</summary>
    Mergeable,
}

/// <summary>The hints as label values and as flags.</summary>
internal static class Advices
{
    /// <summary>How many hints there are.</summary>
    public const int Count = 8;

    /// <summary>The flags of all hints.</summary>
    public const VmFlags Any = VmFlags.Sequential | VmFlags.Random | VmFlags.HugePage | VmFlags.NoHugePage
        | VmFlags.DontCopy | VmFlags.DontDump | VmFlags.WipeOnFork | VmFlags.Mergeable;

    private static readonly string[] s_labels =
        ["sequential", "random", "hugepage", "nohugepage", "dontfork", "dontdump", "wipeonfork", "mergeable"];

    private static readonly VmFlags[] s_flags =
    [
        VmFlags.Sequential, VmFlags.Random, VmFlags.HugePage, VmFlags.NoHugePage, VmFlags.DontCopy, VmFlags.DontDump, VmFlags.WipeOnFork,
        VmFlags.Mergeable,
    ];

    /// <summary>All of them, in the order of their numbers.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The value of the label <c>advice</c>.</summary>
    public static string Label(this Advice advice) => s_labels[(int)advice];

    /// <summary>The flag by which the kernel shows the hint.</summary>
    public static VmFlags Flag(this Advice advice) => s_flags[(int)advice];
}
