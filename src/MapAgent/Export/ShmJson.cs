using System.Text.Json;
using MapAgent.Shm;

namespace MapAgent.Export;

/// <summary>Shared memory as JSON: sizes in bytes, times in seconds since 1970; an unknown value has no key.</summary>
internal static class ShmJson
{
    /// <summary>An object of its own: <c>{"mounts": [...], "sysv": {...}, "unaccounted_bytes": 1}</c>.</summary>
    public static void Write(Utf8JsonWriter writer, View view)
    {
        writer.WriteStartObject();
        writer.WriteNumber("snapshot_timestamp_seconds", view.Snapshot.At.ToUnixTimeMilliseconds() / 1000.0);
        WriteContent(writer, view);
        writer.WriteEndObject();
    }

    /// <summary>The same as the content of an object that is open.</summary>
    public static void WriteContent(Utf8JsonWriter writer, View view)
    {
        ShmValues shm = view.Snapshot.Shm;
        writer.WriteStartArray("mounts");
        foreach (ShmMountValues mount in shm.Mounts)
        {
            WriteMount(writer, mount);
        }

        writer.WriteEndArray();
        if (shm.Sysv is { } sysv)
        {
            writer.WriteStartObject("sysv");
            writer.WriteNumber("bytes", sysv.Bytes);
            writer.WriteNumber("segments", sysv.Segments);
            writer.WriteNumber("unattached_bytes", sysv.UnattachedBytes);
            writer.WriteEndObject();
        }

        WriteKnown(writer, "shmem_bytes", view.Snapshot.Host.ShmemBytes);
        WriteKnown(writer, "unaccounted_bytes", shm.UnaccountedBytes);
        if (shm.Unseen > 0)
        {
            writer.WriteNumber("unseen", shm.Unseen);
        }
    }

    private static void WriteMount(Utf8JsonWriter writer, ShmMountValues mount)
    {
        writer.WriteStartObject();
        writer.WriteString("mount", mount.Mount);
        writer.WriteString("device", mount.Device.ToString());
        foreach ((string name, string? value) in new[] { ("namespace", mount.Namespace), ("pod", mount.Pod), ("container", mount.Container), ("pod_uid", mount.PodUid) })
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        if (mount.ContainerIds.Count > 0)
        {
            writer.WriteStartArray("container_ids");
            foreach (string id in mount.ContainerIds)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
        }

        WriteKnown(writer, "size_bytes", mount.SizeBytes);
        WriteKnown(writer, "used_bytes", mount.UsedBytes);
        WriteKnown(writer, "used_peak_bytes", mount.PeakBytes);
        WriteKnown(writer, "inodes", mount.Inodes);
        WriteKnown(writer, "inodes_used", mount.InodesUsed);
        WriteKnown(writer, "segments", mount.Segments);
        WriteKnown(writer, "unlinked_bytes", mount.UnlinkedBytes);
        WriteKnown(writer, "unreferenced_bytes", mount.UnreferencedBytes);
        WriteKnown(writer, "unreferenced_segments", mount.UnreferencedSegments);
        writer.WriteStartArray("families");
        foreach (FamilyBytes family in mount.Families)
        {
            writer.WriteStartObject();
            writer.WriteString("family", family.Family);
            writer.WriteNumber("bytes", family.Bytes);
            writer.WriteNumber("segments", family.Segments);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("largest");
        foreach (Segment segment in mount.Largest)
        {
            WriteSegment(writer, segment);
        }

        writer.WriteEndArray();
        WritePids(writer, "pids", mount.Pids);
        writer.WriteEndObject();
    }

    private static void WriteSegment(Utf8JsonWriter writer, Segment segment)
    {
        writer.WriteStartObject();
        writer.WriteString("name", segment.Name);
        writer.WriteString("family", segment.Family);
        writer.WriteNumber("bytes", segment.Bytes);
        writer.WriteNumber("size_bytes", segment.SizeBytes);
        writer.WriteNumber("uid", segment.Uid);
        writer.WriteString("mode", System.Convert.ToString(segment.Mode, 8).PadLeft(4, '0'));
        writer.WriteNumber("changed_at_seconds", segment.ChangedAt);
        writer.WriteString("use", segment.Use switch
        {
            SegmentUse.Used => "used",
            SegmentUse.Idle => "idle",
            SegmentUse.Unreferenced => "unreferenced",
            _ => "unknown",
        });
        WritePids(writer, "users", segment.Users);
        writer.WriteEndObject();
    }

    private static void WritePids(Utf8JsonWriter writer, string name, System.Collections.Generic.IReadOnlyList<int> pids)
    {
        writer.WriteStartArray(name);
        foreach (int pid in pids)
        {
            writer.WriteNumberValue(pid);
        }

        writer.WriteEndArray();
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }
}
