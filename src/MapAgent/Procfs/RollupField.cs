namespace MapAgent.Procfs;

/// <summary>
/// Every field that /proc/PID/smaps_rollup has had since Linux 4.14, in the order in which Linux 6.18 prints them
/// (fs/proc/task_mmu.c, __show_smap). All are bytes.
/// </summary>
internal enum RollupField
{
    /// <summary>Resident.</summary>
    Rss,

    /// <summary>Resident, each page divided by how many map it.</summary>
    Pss,

    /// <summary>The dirty part of Pss (since 6.0).</summary>
    PssDirty,

    /// <summary>The anonymous part of Pss (since 5.4).</summary>
    PssAnon,

    /// <summary>The file part of Pss (since 5.4).</summary>
    PssFile,

    /// <summary>The shared-memory part of Pss (since 5.4).</summary>
    PssShmem,

    /// <summary>Mapped by others too, unchanged.</summary>
    SharedClean,

    /// <summary>Mapped by others too, changed.</summary>
    SharedDirty,

    /// <summary>Mapped only here, unchanged.</summary>
    PrivateClean,

    /// <summary>Mapped only here, changed.</summary>
    PrivateDirty,

    /// <summary>Marked as referenced since the marks were last cleared.</summary>
    Referenced,

    /// <summary>Belongs to no file.</summary>
    Anonymous,

    /// <summary>Merged with equal pages (since 6.7).</summary>
    Ksm,

    /// <summary>Given back with MADV_FREE, taken when memory runs short.</summary>
    LazyFree,

    /// <summary>Anonymous huge pages.</summary>
    AnonHugePages,

    /// <summary>Shared-memory huge pages.</summary>
    ShmemPmdMapped,

    /// <summary>File huge pages (since 5.4).</summary>
    FilePmdMapped,

    /// <summary>hugetlb pages mapped by others too; outside Rss and Pss.</summary>
    SharedHugetlb,

    /// <summary>hugetlb pages mapped only here; outside Rss and Pss.</summary>
    PrivateHugetlb,

    /// <summary>Swapped out; for shared memory the whole object's.</summary>
    Swap,

    /// <summary>Swapped out, divided by how many share it; without shared memory.</summary>
    SwapPss,

    /// <summary>Locked into memory, divided by how many map it.</summary>
    Locked,
}
