namespace MapAgent.Dashboards;

/// <summary>The node at a glance.</summary>
internal static class OverviewDashboard
{
    private static readonly Drill s_group = new("Show this group", "mapagent-group", "group");

    /// <summary>Makes it.</summary>
    public static Dashboard Make() => new("overview", "Overview", "What the memory of the nodes is used for, what fills up, and what waits.",
        [Variable.Source, Variable.Job, Variable.Instance],
        [
            ("Now",
            [
                Panel.Number("Nodes", "Agents that answered the last scrape.", "none", new Query("count(mapagent_build_info{node})", "nodes")) with { Decimals = 0 },
                Panel.Number("Processes", "Processes that a rule selects.", "none", new Query("sum(mapagent_processes{node})", "processes")) with { Decimals = 0 },
                Panel.Number("Memory in use", "Share of memory that programs cannot get any more without swapping.", "percentunit",
                    new Query("1 - sum(mapagent_host_memory_available_bytes{node}) / sum(mapagent_host_memory_bytes{node})", "in use")) with { Thresholds = (0.85, 0.95), Max = 1 },
                Panel.Number("Fullest shm mount", "The highest fill of any mount since the pass before; a full one ends programs with SIGBUS.", "percentunit",
                    new Query("max(mapagent_shm_used_peak_bytes{node} / (mapagent_shm_size_bytes{node} > 0))", "fill")) with { Thresholds = (0.8, 0.95), Max = 1 },
                Panel.Number("Major faults", "Faults of all nodes that waited for a disk, each second.", "cps",
                    new Query("sum(rate(mapagent_host_major_faults_total{node}[$__rate_interval]))", "faults")) with { Thresholds = (500, 5000) },
                Panel.Number("Measured", "Share of the selected processes whose rollup is fresh. The others are not in PSS and USS.", "percentunit",
                    new Query("sum(mapagent_process_measured{node}) / (sum(mapagent_processes{node}) > 0)", "measured")) with { Max = 1 },
            ]),
            ("Memory",
            [
                Panel.Lines("PSS by group", "Proportional set size of the 15 largest groups and of the rest, on top of each other: each page once, so that the "
                    + "stack can be held against the memory of the node.", "bytes",
                    new Query("topk(15, sum by (group) (mapagent_process_pss_bytes{node}))", "{{group}}"),
                    new Query("sum(mapagent_process_pss_bytes{node}) - sum(topk(15, sum by (group) (mapagent_process_pss_bytes{node})))", "all other groups"),
                    new Query("sum(mapagent_host_memory_bytes{node})", "memory (line)"),
                    new Query("sum(mapagent_host_memory_bytes{node}) - sum(mapagent_host_memory_available_bytes{node})", "not available (line)"))
                    with { IsStacked = true, Height = 11, Drill = s_group },
                Panel.Lines("Top groups by USS", "Unique set size: what would be free if the group ended.", "bytes",
                    new Query("topk(15, sum by (group) (mapagent_process_uss_bytes{node}))", "{{group}}")) with { Height = 11, Drill = s_group },
                Panel.Top(50, "group", "Groups", "The 50 groups with the most PSS. RSS counts a shared page once for each process.", "bytes",
                    "sum by (group) (mapagent_process_pss_bytes{node})",
                    "sum by (group) (mapagent_process_uss_bytes{node})",
                    "sum by (group) (mapagent_process_rss_bytes{node})",
                    "sum by (group) (mapagent_process_swap_bytes{node})",
                    "sum by (group) (mapagent_processes{node})",
                    "sum by (group) (rate(mapagent_process_major_faults_total{node}[$__rate_interval]))",
                    "max by (group) (mapagent_process_rollup_age_seconds{node})")
                    with
                    {
                        Drill = new("Show this group", "mapagent-group", "group"),
                        Columns =
                        [
                            new("group", "Group"), new("Value #A", "PSS", "bytes"), new("Value #B", "USS", "bytes"), new("Value #C", "RSS", "bytes"),
                            new("Value #D", "Swap", "bytes"), new("Value #E", "Processes", "none"), new("Value #F", "Major faults", "cps"),
                            new("Value #G", "Oldest rollup", "s"),
                        ],
                    },
            ]),
            ("Shared memory",
            [
                Panel.Lines("Shm mounts by fill", "The peak since the pass before, of the 15 fullest mounts.", "percentunit",
                    new Query("topk(15, mapagent_shm_used_peak_bytes{node} / (mapagent_shm_size_bytes{node} > 0))", "{{instance}} {{mount}} {{pod}}"))
                    with { Max = 1, Thresholds = (0.8, 0.95), Drill = new("Show shared memory", "mapagent-shared-memory") },
                Panel.Lines("Bytes in shm mounts", "In use, those in swap and those of deleted files included.", "bytes",
                    new Query("topk(15, mapagent_shm_used_bytes{node})", "{{instance}} {{mount}} {{pod}}")) with { Drill = new("Show shared memory", "mapagent-shared-memory") },
            ]),
            ("Faults and pressure",
            [
                Panel.Lines("Major faults by group", "Faults that waited for a disk. 100 a second at a millisecond each are a tenth of a thread.", "cps",
                    new Query("topk(15, sum by (group) (rate(mapagent_process_major_faults_total{node}[$__rate_interval])))", "{{group}}")) with { Drill = s_group },
                Panel.Lines("Refaults", "Pages read back soon after they were evicted: memory is too small for what is in use.", "cps",
                    new Query("sum by (kind) (rate(mapagent_host_refaults_total{node}[$__rate_interval]))", "{{kind}}"),
                    new Query("sum(rate(mapagent_host_major_faults_total{node}[$__rate_interval]))", "major faults")),
                Panel.Lines("Memory pressure", "Share of the time in which some, or all, tasks of a node waited for memory; the 10 worst.", "percentunit",
                    new Query("topk(10, rate(mapagent_host_memory_pressure_seconds_total{node}[$__rate_interval]))", "{{instance}} {{scope}}")) with { Width = 8, Decimals = 2 },
                Panel.Lines("Memory stalls", "Times that tasks waited for memory for 0.2 s or more at a stretch, where the kernel tells; the 10 worst nodes.", "cps",
                    new Query("topk(10, rate(mapagent_host_memory_stalls_total{node}[$__rate_interval]))", "{{instance}} {{scope}}")) with { Width = 8, Decimals = 2 },
                Panel.Lines("Swap traffic", "Bytes read from and written to swap.", "Bps",
                    new Query("sum(rate(mapagent_host_swap_in_bytes_total{node}[$__rate_interval]))", "in"),
                    new Query("sum(rate(mapagent_host_swap_out_bytes_total{node}[$__rate_interval]))", "out")) with { Width = 8 },
            ]),
            ("The agent",
            [
                Panel.Lines("Cost in CPU", "Share of one CPU that the agent uses, all of it and in passes; the 10 dearest.", "percentunit",
                    new Query("topk(10, rate(process_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} all"),
                    new Query("topk(10, rate(mapagent_pass_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} passes"))
                    with { Decimals = 2, Width = 8, Drill = new("Show the agents", "mapagent-agent") },
                Panel.Lines("Age of the numbers", "How long ago the page was measured. A line that climbs is an agent that stopped measuring.", "s",
                    new Query("topk(10, time() - mapagent_snapshot_timestamp_seconds{node})", "{{instance}}")) with { Width = 8, Drill = new("Show the agents", "mapagent-agent") },
                Panel.Lines("Processes not measured", "Processes without a fresh rollup, by the reason why.", "none",
                    new Query("sum by (reason) (mapagent_process_unmeasured{node})", "{{reason}}")) with { Width = 8, Decimals = 0 },
            ]),
        ]);
}
