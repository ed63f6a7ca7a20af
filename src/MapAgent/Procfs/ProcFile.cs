using System;

namespace MapAgent.Procfs;

/// <summary>The kernel files that are read, each counted by how its reads ended.</summary>
internal enum ProcFile
{
    /// <summary>/proc/PID/stat.</summary>
    Stat,

    /// <summary>/proc/PID/status.</summary>
    Status,

    /// <summary>/proc/PID/statm.</summary>
    Statm,

    /// <summary>/proc/PID/smaps_rollup.</summary>
    SmapsRollup,

    /// <summary>/proc/PID/cmdline.</summary>
    Cmdline,

    /// <summary>/proc/PID/cgroup.</summary>
    Cgroup,

    /// <summary>/proc/PID/exe, a link.</summary>
    Exe,

    /// <summary>/proc/vmstat.</summary>
    VmStat,

    /// <summary>/proc/meminfo.</summary>
    MemInfo,

    /// <summary>/proc/pressure/memory.</summary>
    Pressure,

    /// <summary>/proc/stat.</summary>
    HostStat,

    /// <summary>/proc/uptime.</summary>
    Uptime,

    /// <summary>The root directory itself, listed for pids.</summary>
    Root,

    /// <summary>/proc/PID/mountinfo.</summary>
    MountInfo,

    /// <summary>/proc/PID/maps.</summary>
    Maps,

    /// <summary>/proc/PID/fd, a directory of links.</summary>
    Descriptors,

    /// <summary>/proc/PID/ns/mnt, a link.</summary>
    MountNamespace,

    /// <summary>/proc/PID/ns/ipc, a link.</summary>
    IpcNamespace,

    /// <summary>/proc/sysvipc/shm.</summary>
    SysvShm,

    /// <summary>A shm mount inside /proc/PID/root, found and measured.</summary>
    ShmMount,

    /// <summary>The names in a shm mount.</summary>
    ShmNames,

    /// <summary>/proc/PID/smaps.</summary>
    Smaps,

    /// <summary>/proc/PID/limits.</summary>
    Limits,

    /// <summary>/proc/sys/vm/max_map_count.</summary>
    MaxMapCount,

    /// <summary>A mapped file whose name says that it was deleted, looked up inside /proc/PID/root.</summary>
    MappedFile,

    /// <summary>/proc/pressure/memory, written to be woken.</summary>
    PressureTrigger,

    /// <summary>The page cache of a mapped file, asked for by cachestat(2).</summary>
    CacheStat,

    /// <summary>memory.stat of a cgroup.</summary>
    MemoryStat,

    /// <summary>memory.max of a cgroup.</summary>
    MemoryMax,

    /// <summary>memory.current of a cgroup, memory.usage_in_bytes in v1.</summary>
    MemoryCurrent,
}

/// <summary>Names, label values and size bounds of the files.</summary>
internal static class ProcFiles
{
    /// <summary>How many files there are.</summary>
    public const int Count = 30;

    private static readonly string[] s_labels =
    [
        "stat", "status", "statm", "smaps_rollup", "cmdline", "cgroup", "exe", "vmstat", "meminfo", "pressure", "host_stat", "uptime", "root",
        "mountinfo", "maps", "fd", "ns_mnt", "ns_ipc", "sysvipc_shm", "shm_mount", "shm_names",
        "smaps", "limits", "max_map_count", "mapped_file", "pressure_trigger", "cachestat", "memory_stat", "memory_max", "memory_current",
    ];

    /// <summary>The value of the label <c>file</c>.</summary>
    public static string Label(this ProcFile file) => s_labels[(int)file];

    /// <summary>The name below the process directory or the root, ended by a NUL that is not part of the span.</summary>
    public static ReadOnlySpan<byte> Name(this ProcFile file) => file switch
    {
        ProcFile.Stat or ProcFile.HostStat => "stat"u8,
        ProcFile.Status => "status"u8,
        ProcFile.Statm => "statm"u8,
        ProcFile.SmapsRollup => "smaps_rollup"u8,
        ProcFile.Cmdline => "cmdline"u8,
        ProcFile.Cgroup => "cgroup"u8,
        ProcFile.Exe => "exe"u8,
        ProcFile.VmStat => "vmstat"u8,
        ProcFile.MemInfo => "meminfo"u8,
        ProcFile.Pressure or ProcFile.PressureTrigger => "pressure/memory"u8,
        ProcFile.Uptime => "uptime"u8,
        ProcFile.MountInfo => "mountinfo"u8,
        ProcFile.Maps => "maps"u8,
        ProcFile.Descriptors => "fd"u8,
        ProcFile.MountNamespace => "ns/mnt"u8,
        ProcFile.IpcNamespace => "ns/ipc"u8,
        ProcFile.SysvShm => "sysvipc/shm"u8,
        ProcFile.Smaps => "smaps"u8,
        ProcFile.Limits => "limits"u8,
        ProcFile.MaxMapCount => "sys/vm/max_map_count"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };

    /// <summary>
    /// The most bytes that are taken from a file. The kernel's own files stay far below; the bound holds off a command line of
    /// megabytes (the target writes it) and a root that is not procfs. A cut is counted as a truncation.
    /// </summary>
    public static int Bound(this ProcFile file) => file switch
    {
        ProcFile.Cmdline => 128 * 1024,
        ProcFile.HostStat or ProcFile.MountInfo => 8 * 1024 * 1024,
        _ => 1024 * 1024,
    };
}
