namespace MapAgent.Dashboards;

/// <summary>The same numbers by namespace, pod and container.</summary>
internal static class KubernetesDashboard
{
    private static readonly Drill s_pod = new("Show this pod", "mapagent-kubernetes", "namespace", "pod");

    /// <summary>Makes it.</summary>
    public static Dashboard Make() => new("kubernetes", "Kubernetes", "Memory, shared memory and faults by namespace, pod and container. Processes outside of pods are not here.",
        [Variable.Source, Variable.Job, Variable.Instance, Variable.Namespace, Variable.Pod],
        [
            ("Namespaces",
            [
                Panel.Lines("PSS by namespace", "Each page once, so that the namespaces can be added up.", "bytes",
                    new Query("topk(15, sum by (namespace) (mapagent_process_pss_bytes{pod}))", "{{namespace}}")) with { IsStacked = true },
                Panel.Lines("USS by namespace", "What would be free if all pods of the namespace ended.", "bytes",
                    new Query("topk(15, sum by (namespace) (mapagent_process_uss_bytes{pod}))", "{{namespace}}")),
            ]),
            ("Pods",
            [
                Panel.Top(100, "namespace, pod", "Pods", "The 100 pods with the most PSS.", "bytes",
                    "sum by (namespace, pod) (mapagent_process_pss_bytes{pod})",
                    "sum by (namespace, pod) (mapagent_process_uss_bytes{pod})",
                    "sum by (namespace, pod) (mapagent_process_rss_bytes{pod})",
                    "sum by (namespace, pod) (mapagent_process_swap_bytes{pod})",
                    "sum by (namespace, pod) (mapagent_processes{pod})",
                    "sum by (namespace, pod) (rate(mapagent_process_major_faults_total{pod}[$__rate_interval]))",
                    "max by (namespace, pod) (mapagent_shm_used_peak_bytes{pod} / (mapagent_shm_size_bytes{pod} > 0))")
                    with
                    {
                        Drill = s_pod,
                        Columns =
                        [
                            new("namespace", "Namespace"), new("pod", "Pod"), new("Value #A", "PSS", "bytes"), new("Value #B", "USS", "bytes"),
                            new("Value #C", "RSS", "bytes"), new("Value #D", "Swap", "bytes"), new("Value #E", "Processes", "none"),
                            new("Value #F", "Major faults", "cps"), new("Value #G", "Fill of /dev/shm", "percentunit", true),
                        ],
                    },
                Panel.Lines("PSS by pod", "The 15 largest.", "bytes",
                    new Query("topk(15, sum by (namespace, pod) (mapagent_process_pss_bytes{pod}))", "{{namespace}}/{{pod}}")) with { Drill = s_pod },
                Panel.Lines("Major faults by pod", "Faults that waited for a disk, of the 15 pods with the most.", "cps",
                    new Query("topk(15, sum by (namespace, pod) (rate(mapagent_process_major_faults_total{pod}[$__rate_interval])))", "{{namespace}}/{{pod}}")) with { Drill = s_pod },
                Panel.Lines("/dev/shm by pod", "Fill at the peak. The containers of a pod share one mount, of 64 MiB unless the pod says otherwise.", "percentunit",
                    new Query("topk(15, max by (namespace, pod) (mapagent_shm_used_peak_bytes{pod} / (mapagent_shm_size_bytes{pod} > 0)))", "{{namespace}}/{{pod}}"))
                    with { Max = 1, Thresholds = (0.8, 0.95) },
                Panel.Lines("Processes not measured", "In pods, by the reason why.", "none",
                    new Query("sum by (reason) (mapagent_process_unmeasured{pod})", "{{reason}}")) with { Decimals = 0 },
            ]),
            ("Containers",
            [
                Panel.Lines("PSS by container", "The 15 largest.", "bytes",
                    new Query("topk(15, sum by (namespace, pod, container) (mapagent_process_pss_bytes{pod,container!=\"\"}))", "{{namespace}}/{{pod}} {{container}}")),
                Panel.Lines("PSS of pods by component", "Anonymous memory, files and shared memory.", "bytes",
                    new Query("sum by (component) (mapagent_process_pss_component_bytes{pod})", "{{component}}")) with { IsStacked = true },
                Panel.Lines("Shared memory charged to the container", "tmpfs, System V and shared anonymous memory that the kernel charges to the container: the first to touch a page pays.", "bytes",
                    new Query("topk(15, sum by (namespace, pod, container) (mapagent_cgroup_memory_shmem_bytes{pod}))", "{{namespace}}/{{pod}} {{container}}")),
                Panel.Lines("Major faults charged to the container", "As the kernel counts them for the cgroup, of processes that have ended too.", "cps",
                    new Query("topk(15, sum by (namespace, pod, container) (rate(mapagent_cgroup_memory_major_faults_total{pod}[$__rate_interval])))", "{{namespace}}/{{pod}} {{container}}")),
                Panel.Lines("PSS against the memory limit", "Of containers that have a limit. The page cache counts against it too, but the kernel drops that first.", "percentunit",
                    new Query("topk(15, sum by (namespace, pod, container) (mapagent_process_pss_bytes{pod}) / (sum by (namespace, pod, container) (mapagent_cgroup_memory_limit_bytes{pod}) > 0))",
                        "{{namespace}}/{{pod}} {{container}}")) with { Max = 1, Thresholds = (0.8, 0.95) },
            ]),
        ]);
}
