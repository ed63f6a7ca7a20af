using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>The families of the node and of the agent itself.</summary>
internal static class NodeFamilies
{
    /// <summary>The rows, in the order of the exposition.</summary>
    public static NodeFamily[] All { get; } =
    [
        Gauge("mapagent.host.memory", "By", "MemTotal of /proc/meminfo: the memory of the node.", static v => v.Snapshot.Host.MemoryBytes),
        Gauge("mapagent.host.memory_available", "By", "MemAvailable of /proc/meminfo: what programs can still get without swapping.",
            static v => v.Snapshot.Host.MemoryAvailableBytes),
        Gauge("mapagent.host.shmem", "By", "Shmem of /proc/meminfo: tmpfs, System V, memfd and shared anonymous memory.", static v => v.Snapshot.Host.ShmemBytes),
        Counter("mapagent.host.major_faults", "", "Page faults of the node that waited for a disk.", static v => v.Snapshot.Host.MajorFaults) with { Since = CounterStart.Boot },
        Counter("mapagent.host.minor_faults", "", "Page faults of the node served from memory.", static v => v.Snapshot.Host.MinorFaults) with { Since = CounterStart.Boot },
        new("mapagent.host.refaults", "", InstrumentKind.Counter, "Pages read back soon after they were evicted; before Linux 5.9 all are counted as file.",
            static v => Point.Known(
                Point.With(v.Snapshot.Host.RefaultsAnon, "kind", "anon"), Point.With(v.Snapshot.Host.RefaultsFile, "kind", "file"))) { Labels = ["kind"], Since = CounterStart.Boot },
        Counter("mapagent.host.swap_in", "By", "Bytes read from swap.", static v => v.Snapshot.Host.SwapInBytes) with { Since = CounterStart.Boot },
        Counter("mapagent.host.swap_out", "By", "Bytes written to swap.", static v => v.Snapshot.Host.SwapOutBytes) with { Since = CounterStart.Boot },
        new("mapagent.host.memory_pressure", "s", InstrumentKind.Counter, "Time in which some or all tasks waited for memory (PSI).",
            static v => Point.Known(
                Point.With(v.Snapshot.Host.PressureSomeSeconds, "scope", "some"), Point.With(v.Snapshot.Host.PressureFullSeconds, "scope", "full")))
            { Labels = ["scope"], Since = CounterStart.Boot },
        new("mapagent.host.memory_stalls", "", InstrumentKind.Counter,
            "Times that some or all tasks waited for memory for 0.2 s or more within 2 s (a PSI trigger), since the agent was started; at most one in 2 s.",
            static v => Point.Known(
                Point.With(v.Snapshot.Host.SomeStalls, "scope", "some"), Point.With(v.Snapshot.Host.FullStalls, "scope", "full")))
            { Labels = ["scope"], IsOccasional = true },
        Gauge("mapagent.mappings_limit", "", "How many mappings a process may have (vm.max_map_count).", static v => v.Snapshot.MappingsLimit),
        new("mapagent.build_info", "", InstrumentKind.Gauge, "Version, commit and runtime of this agent; always 1.",
            static _ => [new Point(1, new("version", BuildFacts.Version), new("revision", BuildFacts.Revision), new("runtime", BuildFacts.Runtime))])
            { Labels = ["version", "revision", "runtime"] },
        Counter("mapagent.pass_cpu", "s", "CPU time of all passes.", static v => v.Snapshot.PassCpuSeconds),
        Counter("mapagent.rollup_cpu", "s", "CPU time of rollup reads, a part of the passes' CPU time; the rest went into cheap reads and sums.", static v => v.Snapshot.RollupCpuSeconds),
        Counter("mapagent.pass_skipped", "", "Passes left out because the one before had not ended.", static v => v.Snapshot.SkippedPasses),
        new("mapagent.reads", "", InstrumentKind.Counter, "Reads of kernel files by how they ended.", static v => Reads(v.Snapshot.Reads))
            { Labels = ["file", "outcome"], Places = ProcFiles.Count * ReadOutcomes.Count },
        new("mapagent.truncations", "", InstrumentKind.Counter, "Times a bound of the agent bit.", static v => Bounds(v.Snapshot)) { Labels = ["what"] },
        new("mapagent.otlp.exports", "", InstrumentKind.Counter, "Exports by OTLP by how they ended; no series where OTLP was never on.",
            static v => v.Otlp is { } exports
                ? [new Point(exports.Ok, new KeyValuePair<string, object?>("outcome", "ok")), new Point(exports.Failed, new KeyValuePair<string, object?>("outcome", "failed"))]
                : []) { Labels = ["outcome"], IsOccasional = true },
        Gauge("mapagent.snapshot_timestamp", "s", "When the numbers of this page were taken, in seconds since 1970.",
            static v => v.Snapshot.At.ToUnixTimeMilliseconds() / 1000.0),
        Gauge("mapagent.config_last_reload_successful", "", "1 unless the last reload of the configuration was refused.",
            static v => v.Snapshot.ReloadSucceeded ? 1 : 0),
        Gauge("mapagent.config_last_reload_success_timestamp", "s", "When the configuration in force was taken over, in seconds since 1970.",
            static v => v.Snapshot.ConfiguredAt.ToUnixTimeMilliseconds() / 1000.0),
        new("mapagent.web.refused", "", InstrumentKind.Counter, "Requests and connections that the HTTP server refused, by reason.",
            static v => v.Web?.Refusals() ?? []) { Labels = ["reason"], IsOccasional = true },
        new("mapagent.web.config_loads", "", InstrumentKind.Counter, "Times the web configuration was read because it or a file it names had changed.",
            static v => v.Web?.Loads() ?? []) { Labels = ["outcome"], IsOccasional = true },
        new("mapagent.web.config_last_load_successful", "", InstrumentKind.Gauge, "1 unless the newest web configuration or certificate was refused.",
            static v => v.Web?.LastLoad() ?? []) { IsOccasional = true },
        new("mapagent.web.certificate_end_timestamp", "s", InstrumentKind.Gauge, "When the server's certificate in force ends, in seconds since 1970.",
            static v => v.Web?.CertificateEnd() ?? []) { IsOccasional = true },
        Counter("process.cpu", "s", "CPU time of the agent itself.", static v => v.Snapshot.Agent.CpuSeconds),
        Gauge("process.resident_memory", "By", "Resident memory of the agent itself.", static v => v.Snapshot.Agent.ResidentBytes),
        Gauge("process.virtual_memory", "By", "Address space of the agent itself.", static v => v.Snapshot.Agent.VirtualBytes),
        Gauge("process.open_fds", "", "Open file descriptors of the agent itself.", static v => v.Snapshot.Agent.OpenDescriptors),
        Gauge("process.start_time", "s", "Start of the agent itself, in seconds since 1970.", static v => v.Snapshot.Agent.StartTime),
    ];

    /// <summary>Durations of passes.</summary>
    public static HistogramFamily PassDuration { get; } = new("mapagent.pass_duration", "Wall time of a pass.",
        0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    /// <summary>Durations of single rollup reads.</summary>
    public static HistogramFamily RollupRead { get; } = new("mapagent.rollup_read",
        "Wall time of one read of smaps_rollup, in which the target waits if it maps or unmaps memory.",
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

    private static NodeFamily Gauge(string name, string unit, string help, System.Func<View, double?> value) =>
        new(name, unit, InstrumentKind.Gauge, help, view => Point.Maybe(value(view)));

    private static NodeFamily Counter(string name, string unit, string help, System.Func<View, double?> value) =>
        new(name, unit, InstrumentKind.Counter, help, view => Point.Maybe(value(view)));

    private static IEnumerable<Point> Reads(ReadLedger ledger)
    {
        for (int file = 0; file < ProcFiles.Count; file++)
        {
            long[] counts = [.. Enumerable.Range(0, ReadOutcomes.Count).Select(outcome => ledger.Reads((ProcFile)file, (ReadOutcome)outcome))];
            for (int outcome = 0; outcome < counts.Length && counts.Any(static count => count > 0); outcome++)
            {
                yield return new Point(counts[outcome],
                    new("file", ((ProcFile)file).Label()), new("outcome", ((ReadOutcome)outcome).Label()));
            }
        }
    }

    private static IEnumerable<Point> Bounds(Snapshot snapshot)
    {
        for (int what = 0; what < Truncations.Labels.Length; what++)
        {
            yield return new Point(snapshot.Truncations[(Truncation)what], new KeyValuePair<string, object?>("what", Truncations.Labels[what]));
        }
    }
}
