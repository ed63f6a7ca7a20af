using System;

namespace MapAgent.Mappings;

/// <summary>What a mapping is; every mapping is of one kind. See <see cref="Classification"/> for the rules.</summary>
internal enum MappingKind
{
    /// <summary>The memory of brk(2), and what the C library calls its heap.</summary>
    Heap,

    /// <summary>The first thread's stack, and others that can be recognised.</summary>
    Stack,

    /// <summary>Private memory of no file.</summary>
    AnonPrivate,

    /// <summary>Shared memory of no file and no name.</summary>
    AnonShared,

    /// <summary>A file, stores stay private: binaries and libraries most of all.</summary>
    FilePrivate,

    /// <summary>A file, stores reach it.</summary>
    FileShared,

    /// <summary>A file on a tmpfs at /dev/shm.</summary>
    PosixShm,

    /// <summary>A System V segment.</summary>
    SysvShm,

    /// <summary>A file of memfd_create(2).</summary>
    Memfd,

    /// <summary>Pages of hugetlb, whatever they are used for; outside Rss and Pss.</summary>
    Hugetlb,

    /// <summary>Memory of a driver or of another part of the kernel, such as rings.</summary>
    Device,

    /// <summary>Code that a program makes while it runs.</summary>
    Jit,

    /// <summary>What the kernel maps into every process: vdso, vvar, uprobes.</summary>
    Special,
}

/// <summary>The kinds as label values.</summary>
internal static class MappingKinds
{
    /// <summary>How many kinds there are.</summary>
    public const int Count = 13;

    private static readonly string[] s_labels =
    [
        "heap", "stack", "anon_private", "anon_shared", "file_private", "file_shared", "posix_shm", "sysv_shm", "memfd", "hugetlb", "device", "jit",
        "special",
    ];

    /// <summary>All of them, in the order of their numbers.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The value of the label <c>kind</c>.</summary>
    public static string Label(this MappingKind kind) => s_labels[(int)kind];
}
