using System.Text.Json;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>What measuring cost and what it could not see, as JSON; an unknown value has no key.</summary>
internal static class AgentJson
{
    /// <summary>The content of an object that is open.</summary>
    public static void WriteContent(Utf8JsonWriter writer, View view)
    {
        Snapshot snapshot = view.Snapshot;
        writer.WriteNumber("snapshot_age_seconds", view.SecondsSince(snapshot.Timestamp));
        writer.WriteNumber("interval_seconds", snapshot.Sampling.Interval.TotalSeconds);
        writer.WriteNumber("cpu_budget_ratio", snapshot.Sampling.CpuBudget);
        writer.WriteNumber("processes", snapshot.Processes);
        writer.WriteNumber("unmatched", snapshot.Unmatched);
        writer.WriteNumber("passes_total", snapshot.Passes);
        writer.WriteNumber("pass_skipped_total", snapshot.SkippedPasses);
        writer.WriteNumber("pass_duration_seconds", snapshot.Duration.TotalSeconds);
        writer.WriteNumber("pass_cpu_seconds_total", snapshot.PassCpuSeconds);
        writer.WriteNumber("rollup_cpu_seconds_total", snapshot.RollupCpuSeconds);
        writer.WriteNumber("deep_cpu_seconds_total", snapshot.DeepCpuSeconds);
        WriteKnown(writer, "cpu_seconds_total", snapshot.Agent.CpuSeconds);
        SnapshotJson.WriteKnown(writer, "resident_memory_bytes", snapshot.Agent.ResidentBytes);
        SnapshotJson.WriteKnown(writer, "open_fds", snapshot.Agent.OpenDescriptors);
        WriteKnown(writer, "start_time_seconds", snapshot.Agent.StartTime);
        writer.WriteBoolean("config_last_reload_successful", snapshot.ReloadSucceeded);
        WriteReads(writer, snapshot.Reads);
        writer.WriteStartObject("truncations_total");
        for (int what = 0; what < Truncations.Labels.Length; what++)
        {
            writer.WriteNumber(Truncations.Labels[what], snapshot.Truncations[(Truncation)what]);
        }

        writer.WriteEndObject();
    }

    // Files that were never read, and outcomes that never came, are left out: there is nothing to count.
    private static void WriteReads(Utf8JsonWriter writer, ReadLedger reads)
    {
        writer.WriteStartObject("reads_total");
        for (int file = 0; file < ProcFiles.Count; file++)
        {
            bool open = false;
            for (int outcome = 0; outcome < ReadOutcomes.Count; outcome++)
            {
                long count = reads.Reads((ProcFile)file, (ReadOutcome)outcome);
                if (count > 0 && !open)
                {
                    writer.WriteStartObject(((ProcFile)file).Label());
                    open = true;
                }

                if (count > 0)
                {
                    writer.WriteNumber(((ReadOutcome)outcome).Label(), count);
                }
            }

            if (open)
            {
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }
}
