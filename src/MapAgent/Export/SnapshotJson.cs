using System.Linq;
using System.Text.Json;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>
/// A snapshot as JSON, by the same table as the metrics: keys are family names without their prefix, an unknown value has no
/// key.
/// </summary>
internal static class SnapshotJson
{
    private static readonly string[] s_prefixes = ["mapagent_process_", "mapagent_"];

    /// <summary>The groups: <c>{"snapshot_timestamp_seconds": 1.5, "groups": [{"group": "a", "pss_bytes": 1}]}</c>.</summary>
    /// <param name="writer">Gets the object.</param>
    /// <param name="view">The snapshot and the moment.</param>
    /// <param name="filter">Which series, then with their largest members; null for all, without.</param>
    public static void WriteGroups(Utf8JsonWriter writer, View view, SeriesFilter? filter = null)
    {
        writer.WriteStartObject();
        WriteHead(writer, view, filter);
        writer.WriteEndObject();
    }

    /// <summary>The groups, the node, shared memory, and the agent itself.</summary>
    public static void WriteAll(Utf8JsonWriter writer, View view)
    {
        writer.WriteStartObject();
        writer.WriteString("version", BuildFacts.Version);
        WriteHead(writer, view, null);
        writer.WriteStartObject("node");
        WriteKnown(writer, "memory_bytes", view.Snapshot.Host.MemoryBytes);
        WriteKnown(writer, "memory_available_bytes", view.Snapshot.Host.MemoryAvailableBytes);
        foreach (NodeFamily family in NodeFamilies.All.Where(static family => family.Instrument.StartsWith("mapagent.host.", System.StringComparison.Ordinal)))
        {
            foreach (Point point in family.Points(view))
            {
                string key = family.Name["mapagent_host_".Length..];
                WriteReal(writer, point.Labels.Length == 0 ? key : $"{key}_{point.Labels[0].Value}", point.Value);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartObject("shm");
        ShmJson.WriteContent(writer, view);
        writer.WriteEndObject();
        writer.WriteStartObject("agent");
        AgentJson.WriteContent(writer, view);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, View view, SeriesFilter? filter)
    {
        WriteReal(writer, "snapshot_timestamp_seconds", view.Snapshot.At.ToUnixTimeMilliseconds() / 1000.0);
        writer.WriteStartArray("groups");
        foreach (SeriesSnapshot series in view.Snapshot.Series.Where(series => filter?.Takes(series.Labels) ?? true))
        {
            writer.WriteStartObject();
            WriteSeries(writer, series, view);
            if (filter is not null)
            {
                MemberJson.WriteContent(writer, series, view);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("giants");
        foreach (Giant giant in view.Snapshot.Giants)
        {
            writer.WriteStartObject();
            writer.WriteNumber("pid", giant.Pid);
            writer.WriteString("group", giant.Group);
            writer.WriteNumber("predicted_read_seconds", giant.PredictedSeconds);
            writer.WriteNumber("read_every_seconds", giant.EverySeconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSeries(Utf8JsonWriter writer, SeriesSnapshot series, View view)
    {
        SeriesLabels labels = series.Labels;
        writer.WriteString("group", labels.Group);
        foreach ((string name, string? value) in new[]
        {
            ("pid", labels.Pid), ("namespace", labels.Namespace), ("pod", labels.Pod), ("container", labels.Container),
            ("container_id", series.ContainerId), ("unit", series.Unit),
        })
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        foreach (SeriesFamily family in ProcessFamilies.All)
        {
            WriteFamily(writer, family, series, view);
        }

        WriteRate(writer, "major_faults_per_second", series.MajorFaultsPerSecond);
        WriteRate(writer, "minor_faults_per_second", series.MinorFaultsPerSecond);
        if (series.Anatomy is { Files.Count: > 0 } anatomy)
        {
            writer.WriteStartObject("mapped_file_pss_bytes");
            foreach (System.Collections.Generic.KeyValuePair<string, long> file in anatomy.Files)
            {
                writer.WriteNumber(file.Key, file.Value);
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteFamily(Utf8JsonWriter writer, SeriesFamily family, SeriesSnapshot series, View view)
    {
        string prefix = s_prefixes.First(family.Name.StartsWith);
        string key = family.Name[prefix.Length..];
        bool nested = family.Labels.Count > 0;
        Part[] known = [.. family.Parts.Where(part => part.Whole?.Invoke(series, view) is not null || part.Real?.Invoke(series, view) is not null)];
        if (nested && known.Length > 0)
        {
            writer.WriteStartObject(key);
        }

        foreach (Part part in known)
        {
            string name = nested ? string.Join('_', part.Labels.Select(static label => label.Value)) : key;
            if (part.Whole is not null)
            {
                writer.WriteNumber(name, part.Whole(series, view)!.Value);
            }
            else
            {
                WriteReal(writer, name, part.Real!(series, view)!.Value);
            }
        }

        if (nested && known.Length > 0)
        {
            writer.WriteEndObject();
        }
    }

    /// <summary>Nothing for what is unknown.</summary>
    public static void WriteKnown(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }

    /// <summary>Nothing for what is unknown; else with three decimals.</summary>
    public static void WriteRate(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            WriteReal(writer, name, System.Math.Round(known, 3));
        }
    }

    private static void WriteReal(Utf8JsonWriter writer, string name, double value)
    {
        if (value == (long)value)
        {
            writer.WriteNumber(name, (long)value);
        }
        else
        {
            writer.WriteNumber(name, value);
        }
    }
}
