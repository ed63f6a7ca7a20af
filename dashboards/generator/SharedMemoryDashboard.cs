namespace MapAgent.Dashboards;

/// <summary>What fills /dev/shm, where, and who left it there.</summary>
internal static class SharedMemoryDashboard
{
    private const string Mount = "{{instance}} {{mount}} {{pod}}";

    /// <summary>Makes it.</summary>
    public static Dashboard Make() => new("shared-memory", "Shared memory", "Every /dev/shm, of the nodes and of their containers: how full, with what, and what is left behind.",
        [Variable.Source, Variable.Job, Variable.Instance, Variable.Namespace, Variable.Pod],
        [
            ("Mounts",
            [
                Panel.Top(100, "instance, mount, namespace, pod", "Mounts", "The 100 fullest mounts. The peak is the highest since the pass before. A mount without limit has no size, and is not in this list.", "bytes",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_used_peak_bytes{mount} / (mapagent_shm_size_bytes{mount} > 0))",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_size_bytes{mount})",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_used_bytes{mount})",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_unlinked_bytes{mount})",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_unreferenced_bytes{mount})",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_segments{mount})",
                    "max by (instance, mount, namespace, pod) (mapagent_shm_inodes_used{mount} / (mapagent_shm_inodes{mount} > 0))")
                    with
                    {
                        Columns =
                        [
                            new("instance", "Instance"), new("mount", "Mount"), new("namespace", "Namespace"), new("pod", "Pod"),
                            new("Value #A", "Fill at the peak", "percentunit", true), new("Value #B", "Size", "bytes"), new("Value #C", "Used", "bytes"),
                            new("Value #D", "Unlinked", "bytes"), new("Value #E", "Unreferenced", "bytes"), new("Value #F", "Segments", "none"),
                            new("Value #G", "Inodes", "percentunit", true),
                        ],
                    },
                Panel.Lines("Fill at the peak", "Of the 15 fullest mounts. When one is full, writes fail with ENOSPC and stores through a mapping end the program with SIGBUS.", "percentunit",
                    new Query("topk(15, mapagent_shm_used_peak_bytes{mount} / (mapagent_shm_size_bytes{mount} > 0))", Mount)) with { Max = 1, Thresholds = (0.8, 0.95) },
                Panel.Lines("Left at the peak", "What was still free, of the 15 mounts with the least. 32 MiB are what one parallel index build of PostgreSQL asks for.", "bytes",
                    new Query("bottomk(15, (mapagent_shm_size_bytes{mount} > 0) - mapagent_shm_used_peak_bytes{mount})", Mount)),
                Panel.Lines("Used", "Bytes in use, those in swap and those of deleted files included.", "bytes", new Query("topk(15, mapagent_shm_used_bytes{mount})", Mount)),
                Panel.Lines("Inodes", "Share of the files that a mount may hold. Without inodes no file can be created, whatever space is free.", "percentunit",
                    new Query("topk(15, mapagent_shm_inodes_used{mount} / (mapagent_shm_inodes{mount} > 0))", Mount)) with { Max = 1, Thresholds = (0.8, 0.9) },
            ]),
            ("What is in them",
            [
                Panel.Lines("Families of names", "Bytes of the segments by the program that names them so.", "bytes",
                    new Query("topk(15, sum by (family) (mapagent_shm_family_bytes{mount}))", "{{family}}")) with { IsStacked = true },
                Panel.Lines("Segments", "Files with a name.", "none", new Query("topk(15, mapagent_shm_segments{mount})", Mount)) with { Decimals = 0 },
                Panel.Lines("Unlinked", "Bytes of deleted files that a process still maps or has open: why df shows a full mount and ls an empty one.", "bytes",
                    new Query("topk(15, mapagent_shm_unlinked_bytes{mount})", Mount)),
                Panel.Lines("Unreferenced", "Bytes of segments that nobody has changed, mapped or had open for a while. Nothing where a process could not be looked into.", "bytes",
                    new Query("topk(15, mapagent_shm_unreferenced_bytes{mount})", Mount)),
                Panel.Lines("Unreferenced segments", "How many segments those bytes are in.", "none", new Query("topk(15, mapagent_shm_unreferenced_segments{mount})", Mount)) with { Decimals = 0 },
            ]),
            ("System V, and what explains Shmem",
            [
                Panel.Lines("System V", "Segments of shmget in memory and in swap, and what no process has attached.", "bytes",
                    new Query("sum(mapagent_sysv_shm_bytes{node})", "all"), new Query("sum(mapagent_sysv_shm_unattached_bytes{node})", "unattached")) with { Width = 8 },
                Panel.Lines("System V segments", "How many there are.", "none", new Query("sum(mapagent_sysv_shm_segments{node})", "segments")) with { Width = 8, Decimals = 0 },
                Panel.Lines("What explains Shmem", "Shmem of the node: shm mounts, System V, what nothing explains, and the rest: other tmpfs, memfd and shared anonymous memory.", "bytes",
                    new Query("sum(mapagent_shm_used_bytes{node})", "shm mounts"), new Query("sum(mapagent_sysv_shm_bytes{node})", "System V"),
                    new Query("sum(mapagent_host_shmem_unaccounted_bytes{node})", "unaccounted"),
                    new Query("clamp_min(sum(mapagent_host_shmem_bytes{node}) - sum(mapagent_shm_used_bytes{node}) - sum(mapagent_sysv_shm_bytes{node}) - (sum(mapagent_host_shmem_unaccounted_bytes{node}) or vector(0)), 0)", "other tmpfs, memfd, shared anonymous"),
                    new Query("sum(mapagent_host_shmem_bytes{node})", "Shmem (line)")) with { Width = 8, IsStacked = true },
            ]),
        ]);
}
