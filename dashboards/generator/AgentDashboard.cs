namespace MapAgent.Dashboards;

/// <summary>What the agents cost, and whether they can be believed.</summary>
internal static class AgentDashboard
{
    /// <summary>Makes it.</summary>
    public static Dashboard Make() => new("agent", "Agent", "What the agents themselves cost, what they could not read, and which of their bounds bit.",
        [Variable.Source, Variable.Job, Variable.Instance],
        [
            ("Health",
            [
                Panel.Number("Answering", "Agents that answered the last scrape.", "none", new Query("sum(up{node})", "up")) with { Decimals = 0 },
                Panel.Number("Configuration refused", "Agents that refused their configuration at the last reload and go on with the old one.", "none",
                    new Query("sum(1 - mapagent_config_last_reload_successful{node})", "refused")) with { Decimals = 0, Thresholds = (1, 1) },
                Panel.Number("Oldest numbers", "The longest that any agent's last pass is ago.", "s",
                    new Query("max(time() - mapagent_snapshot_timestamp_seconds{node})", "age")) with { Thresholds = (60, 120) },
                Panel.Number("Series", "Samples in all scrapes together.", "short", new Query("sum(scrape_samples_scraped{node})", "series")),
                Panel.Number("Memory of all agents", "Resident memory.", "bytes", new Query("sum(process_resident_memory_bytes{node})", "resident")),
                Panel.Number("CPU of all agents", "In CPUs.", "none", new Query("sum(rate(process_cpu_seconds_total{node}[$__rate_interval]))", "CPUs")) with { Decimals = 3 },
                Panel.Table("Versions", "How many agents run which version.", "none",
                    new Query("count by (version, revision, runtime) (mapagent_build_info{node})", ""))
                    with
                    {
                        Height = 5,
                        Decimals = 0,
                        Columns = [new("version", "Version"), new("revision", "Revision"), new("runtime", "Runtime"), new("Value", "Agents", "none")],
                    },
            ]),
            ("Cost",
            [
                Panel.Lines("CPU by part", "Share of one CPU: all of the agent, its passes, and in them rollups and deep reads, which sampling.cpu_budget bounds.", "percentunit",
                    new Query("topk(10, rate(process_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} all"),
                    new Query("topk(10, rate(mapagent_pass_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} passes"),
                    new Query("topk(10, rate(mapagent_rollup_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} rollups"),
                    new Query("topk(10, rate(mapagent_deep_read_cpu_seconds_total{node}[$__rate_interval]))", "{{instance}} deep reads")) with { Decimals = 2 },
                Panel.Lines("Memory", "Resident memory of the agent.", "bytes", new Query("topk(10, process_resident_memory_bytes{node})", "{{instance}}")),
                Panel.Lines("Duration of passes", "Wall time that 99 and 50 of 100 passes stay below.", "s",
                    new Query("histogram_quantile(0.99, sum by (le) (rate(mapagent_pass_duration_seconds_bucket{node}[$__rate_interval])))", "99 %"),
                    new Query("histogram_quantile(0.5, sum by (le) (rate(mapagent_pass_duration_seconds_bucket{node}[$__rate_interval])))", "50 %")) with { Decimals = 3 },
                Panel.Lines("Duration of one rollup", "Wall time of one read of smaps_rollup, in which the target waits if it maps or unmaps memory.", "s",
                    new Query("histogram_quantile(0.99, sum by (le) (rate(mapagent_rollup_read_seconds_bucket{node}[$__rate_interval])))", "99 %"),
                    new Query("histogram_quantile(0.5, sum by (le) (rate(mapagent_rollup_read_seconds_bucket{node}[$__rate_interval])))", "50 %")) with { Decimals = 4 },
                Panel.Lines("Descriptors and address space", "Open files of the agent; a line that climbs is a leak.", "none",
                    new Query("topk(10, process_open_fds{node})", "{{instance}}")) with { Width = 8, Decimals = 0 },
                Panel.Lines("Duration of scrapes", "As Prometheus sees it. A scrape renders the newest snapshot and never reads /proc.", "s",
                    new Query("topk(10, scrape_duration_seconds{node})", "{{instance}}")) with { Width = 8, Decimals = 3 },
                Panel.Lines("Uptime", "Since the start of the agent.", "s", new Query("topk(10, time() - process_start_time_seconds{node})", "{{instance}}")) with { Width = 8 },
            ]),
            ("What is missing",
            [
                Panel.Lines("Age of the numbers", "How long ago the last pass ended. A line that climbs is an agent that stopped measuring.", "s",
                    new Query("topk(10, time() - mapagent_snapshot_timestamp_seconds{node})", "{{instance}}")),
                Panel.Lines("Oldest rollup", "Of any group. Rollups older than sampling.max_age are dropped, but for processes that are read rarely.", "s",
                    new Query("topk(10, max by (instance) (mapagent_process_rollup_age_seconds{node}))", "{{instance}}")),
                Panel.Lines("Processes not measured", "Without a fresh rollup, by the reason why.", "none",
                    new Query("sum by (reason) (mapagent_process_unmeasured{node})", "{{reason}}")) with { Decimals = 0 },
                Panel.Lines("Reads that gave nothing", "By file and outcome, the 15 most frequent. gone and no_address_space are normal; denied is a missing right.", "cps",
                    new Query("topk(15, sum by (file, outcome) (rate(mapagent_reads_total{node,outcome!=\"ok\"}[$__rate_interval])))", "{{file}} {{outcome}}")) with { Decimals = 2 },
                Panel.Lines("Bounds that bit", "Times that something was cut or left out because there was too much of it.", "cps",
                    new Query("sum by (what) (rate(mapagent_truncations_total{node}[$__rate_interval]))", "{{what}}")) with { Decimals = 3 },
                Panel.Lines("Passes left out", "Because the one before had not ended.", "cps",
                    new Query("topk(10, rate(mapagent_pass_skipped_total{node}[$__rate_interval]))", "{{instance}}")) with { Decimals = 3 },
                Panel.Lines("Lookups of names", "Of pods and containers, by where they were asked for and how it ended. Nothing while no names are asked for.", "cps",
                    new Query("sum by (source, outcome) (rate(mapagent_identity_lookups_total{node}[$__rate_interval]))", "{{source}} {{outcome}}")) with { Decimals = 2 },
                Panel.Lines("Requests refused", "Requests and connections that the HTTP server refused, by reason.", "cps",
                    new Query("sum by (reason) (rate(mapagent_web_refused_total{node}[$__rate_interval]))", "{{reason}}")) with { Decimals = 2 },
                Panel.Lines("Certificate expires in", "The time until the certificate with which the agent serves ends. Nothing where TLS is off.", "s",
                    new Query("bottomk(10, mapagent_web_certificate_end_timestamp_seconds{node} - time())", "{{instance}}")),
                Panel.Lines("Exports by OTLP", "By how they ended. Nothing where OTLP was never on.", "cps",
                    new Query("sum by (outcome) (rate(mapagent_otlp_exports_total{node}[$__rate_interval]))", "{{outcome}}")) with { Decimals = 2 },
            ]),
        ]);
}
