using System.Text.Json;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>The largest processes of a series as JSON; an unknown value has no key.</summary>
internal static class MemberJson
{
    /// <summary>Adds <c>"members": [{"pid": 42, ...}], "members_left_out": 3</c> to the object of the series.</summary>
    public static void WriteContent(Utf8JsonWriter writer, SeriesSnapshot series, View view)
    {
        writer.WriteStartArray("members");
        foreach (MemberSnapshot member in series.Largest)
        {
            Write(writer, member, view);
        }

        writer.WriteEndArray();
        writer.WriteNumber("members_left_out", series.Processes - series.Largest.Count);
    }

    private static void Write(Utf8JsonWriter writer, in MemberSnapshot member, View view)
    {
        writer.WriteStartObject();
        writer.WriteNumber("pid", member.Pid);
        writer.WriteString("comm", member.Comm.ToString());
        SnapshotJson.WriteKnown(writer, "pss_bytes", member.Pss);
        SnapshotJson.WriteKnown(writer, "uss_bytes", member.Uss);
        writer.WriteNumber("rss_bytes", member.ResidentBytes);
        SnapshotJson.WriteKnown(writer, "swap_bytes", member.Swap);
        SnapshotJson.WriteRate(writer, "major_faults_per_second", member.MajorFaultsPerSecond);
        SnapshotJson.WriteRate(writer, "minor_faults_per_second", member.MinorFaultsPerSecond);
        if (member.RollupAt is { } at)
        {
            writer.WriteNumber("rollup_age_seconds", view.SecondsSince(at));
        }
        else
        {
            writer.WriteString("unmeasured", UnmeasuredReasons.Labels[(int)member.Why]);
        }

        writer.WriteEndObject();
    }
}
