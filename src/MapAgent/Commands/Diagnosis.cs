using System.Collections.Generic;
using System.Linq;
using MapAgent.Export;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Shm;

namespace MapAgent.Commands;

/// <summary>Turns one pass into findings: what works, what is missing and why, what will be absent.</summary>
internal static class Diagnosis
{
    // include/uapi/linux/capability.h.
    private static readonly (int Bit, string Name)[] s_capabilities = [(19, "CAP_SYS_PTRACE"), (2, "CAP_DAC_READ_SEARCH"), (38, "CAP_PERFMON"), (40, "CAP_CHECKPOINT_RESTORE")];

    /// <summary>One line per finding.</summary>
    /// <param name="view">A pass that measured everything selected.</param>
    /// <param name="capabilities">The agent's effective capabilities; null where unknown.</param>
    /// <param name="cache">How a question for the page cache of a library ended; null where none could be asked.</param>
    public static IEnumerable<string> Lines(View view, ulong? capabilities, ReadOutcome? cache)
    {
        Snapshot snapshot = view.Snapshot;
        yield return $"mapagent {BuildFacts.Version}, {BuildFacts.Runtime}";
        if (capabilities is { } set)
        {
            string[] held = [.. s_capabilities.Where(c => (set >> c.Bit & 1) != 0).Select(static c => c.Name)];
            yield return "rights   " + (held.Length > 0 ? string.Join(", ", held) : "none of " + string.Join(", ", s_capabilities.Select(static c => c.Name)));
        }

        foreach (string line in Rollups(snapshot, capabilities))
        {
            yield return line;
        }

        foreach (string line in SharedMemory(snapshot))
        {
            yield return line;
        }

        foreach ((ProcFile file, string mend) in new[]
        {
            (ProcFile.VmStat, "is the root a procfs mounted without subset=pid?"),
            (ProcFile.MemInfo, "is the root a procfs mounted without subset=pid?"),
            (ProcFile.Pressure, "boot with psi=1; kernels can have pressure built in but switched off"),
            (ProcFile.HostStat, "is the root a procfs mounted without subset=pid?"),
            (ProcFile.Uptime, "is the root a procfs mounted without subset=pid?"),
        })
        {
            bool good = snapshot.Reads.Reads(file, ReadOutcome.Ok) > 0;
            yield return good ? $"good     {file.Label()} is readable" : $"missing  {file.Label()} cannot be read: {mend}";
        }

        yield return snapshot.Reads.Reads(ProcFile.PressureTrigger, ReadOutcome.Ok) > 0
            ? "good     stalls for memory between passes are counted"
            : "missing  stalls for memory between passes are not counted: that takes psi=1, a procfs that is not mounted read-only, and Linux 6.5 or CAP_SYS_RESOURCE";
        foreach (string line in PageCache(cache))
        {
            yield return line;
        }

        string[] absent = [.. MetricTable.All.Where(family => !family.IsOccasional && IsAbsent(family, view)).Select(static family => family.Name)];
        yield return absent.Length == 0 ? "families all present" : "families absent: " + string.Join(", ", absent);
    }

    private static IEnumerable<string> Rollups(Snapshot snapshot, ulong? capabilities)
    {
        int measured = snapshot.Series.Sum(static s => s.Measured);
        int denied = snapshot.Series.Sum(static s => s.Unmeasured(Unmeasured.Denied));
        yield return $"good     {measured} of {snapshot.Processes - snapshot.Unmatched} selected processes give their rollup ({snapshot.Unmatched} match no rule)";
        if (denied == 0)
        {
            yield break;
        }

        yield return $"missing  {denied} processes are denied: they have no PSS, USS, swap; resident size and faults need no right";
        bool traces = capabilities is { } set && (set >> 19 & 1) != 0;
        yield return traces
            ? "         with CAP_SYS_PTRACE held, a security module or a user namespace refuses them (AppArmor, SELinux, hostUsers: false)"
            : "         mend: run with CAP_SYS_PTRACE (systemd: AmbientCapabilities=CAP_SYS_PTRACE; Kubernetes: user 0, drop ALL, add SYS_PTRACE), or CAP_PERFMON on new kernels";
    }

    private static IEnumerable<string> PageCache(ReadOutcome? cache) => cache switch
    {
        null => [],
        ReadOutcome.Ok => ["good     the page cache of mapped files is told, for storms and inspect"],
        ReadOutcome.Denied =>
        [
            "missing  the page cache of other users' files is not told: mapagent_mapped_file_cached_ratio will be absent for them",
            "         mend: Linux answers cachestat only to who may write to the file; CAP_FOWNER would do, but it can change files' modes too",
        ],
        _ => ["missing  the page cache of mapped files is not told: it takes cachestat(2) of Linux 6.5, and a seccomp filter that lets it through"],
    };

    private static IEnumerable<string> SharedMemory(Snapshot snapshot)
    {
        ShmValues shm = snapshot.Shm;
        yield return $"good     {shm.Mounts.Count} shm mounts are measured";
        if (shm.Unseen > 0)
        {
            yield return $"missing  the mounts of {shm.Unseen} processes or mount namespaces cannot be seen: their /dev/shm, and what is unreferenced anywhere";
            yield return "         mend: run with CAP_SYS_PTRACE; /proc/PID/root is for tracers only";
        }
        else if (snapshot.Reads.Reads(ProcFile.Descriptors, ReadOutcome.Denied) > 0)
        {
            yield return $"missing  descriptors of {snapshot.Reads.Reads(ProcFile.Descriptors, ReadOutcome.Denied)} processes cannot be listed: unreferenced segments and unaccounted Shmem will be absent";
            yield return "         mend: run with CAP_DAC_READ_SEARCH beside CAP_SYS_PTRACE";
        }
        else if (shm.UnaccountedBytes is null)
        {
            yield return "missing  much of the shared memory is mapped by processes that cannot be looked into, or without a descriptor: unaccounted Shmem will be absent";
            yield return "         mend: run with CAP_CHECKPOINT_RESTORE (Linux 5.9), or as root; on a node with little shared memory a closed process is enough, and no harm";
        }

        int untold = shm.Mounts.Count(static mount => mount is { Segments: not null, UnreferencedBytes: null });
        if (untold > 0 && shm.Unseen == 0 && snapshot.Reads.Reads(ProcFile.Descriptors, ReadOutcome.Denied) == 0)
        {
            yield return $"missing  what is unreferenced in {untold} shm mounts: a process that may share them cannot be looked into, whatever the rights";
        }

        if (snapshot.Reads.Reads(ProcFile.SysvShm, ReadOutcome.Denied) > 0)
        {
            yield return "missing  other IPC namespaces cannot be entered: System V segments of containers are not counted (CAP_SYS_ADMIN would)";
        }
    }

    private static bool IsAbsent(Family family, View view) => family switch
    {
        SeriesFamily series => !view.Snapshot.Series.Any(s => series.Parts.Any(part => part.Whole?.Invoke(s, view) is not null || part.Real?.Invoke(s, view) is not null)),
        NodeFamily node => !node.Points(view).Any(),
        FileFamily files => !view.Snapshot.Series.Any(s => files.Files(s).Any()),
        _ => false,
    };
}
