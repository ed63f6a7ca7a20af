using System;
using System.Text.Json;
using MapAgent.Identity;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>One process as JSON: sizes in bytes, times in seconds; an unknown value has no key.</summary>
internal static class ProcessJson
{
    private static readonly string[] s_rollupKeys =
    [
        "rss_bytes", "pss_bytes", "pss_dirty_bytes", "pss_anon_bytes", "pss_file_bytes", "pss_shmem_bytes", "shared_clean_bytes", "shared_dirty_bytes",
        "private_clean_bytes", "private_dirty_bytes", "referenced_bytes", "anonymous_bytes", "ksm_bytes", "lazyfree_bytes", "anon_huge_bytes",
        "shmem_huge_bytes", "file_huge_bytes", "hugetlb_shared_bytes", "hugetlb_private_bytes", "swap_bytes", "swap_pss_bytes", "locked_bytes",
    ];

    /// <summary>An object of its own.</summary>
    public static void Write(Utf8JsonWriter writer, Inspection process, ProcessIdentity? identity = null)
    {
        writer.WriteStartObject();
        writer.WriteNumber("pid", process.Id.Pid);
        writer.WriteString("comm", process.Comm);
        writer.WriteStartArray("cmdline");
        foreach (string argument in process.Cmdline)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        WriteKnown(writer, "uid", process.Uid);
        WriteReal(writer, "start_time_seconds", process.StartTime);
        WriteIdentity(writer, identity ?? ProcessIdentity.None);
        WriteRollup(writer, process.Rollup);
        if (process.Anatomy is { } anatomy)
        {
            WriteAnatomy(writer, anatomy, process);
        }

        if (process.IsCutShort)
        {
            writer.WriteString("left_out", "what would take longer than sampling.max_read, or than sampling.cpu_budget has left, is not read over HTTP; on the node, mapagent inspect reads all");
        }

        WriteKnown(writer, "mappings_limit", process.MappingsLimit);
        WriteLimits(writer, process.Limits);
        writer.WriteNumber("major_faults_total", process.MajorFaults);
        writer.WriteNumber("minor_faults_total", process.MinorFaults);
        WriteFaults(writer, "faults", process.Faults);
        if (FaultCauses.Of(process) is { } cause)
        {
            writer.WriteString("fault_cause", FaultCauses.Labels[(int)cause]);
        }

        WriteFaults(writer, "faults_since_start", process.FaultsSinceStart);
        WriteCost(writer, "rollup_read", process.RollupCost);
        WriteCost(writer, "smaps_read", process.AnatomyCost);
        writer.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter writer, ProcessIdentity identity)
    {
        foreach ((string name, string? value) in ((string, string?)[])
        [
            ("unit", identity.Cgroup.Unit), ("user_unit", identity.Cgroup.UserUnit), ("container_id", identity.Cgroup.ContainerId),
            ("runtime", identity.Cgroup.Runtime), ("pod_uid", identity.Cgroup.PodUid), ("qos_class", identity.Cgroup.Qos.Text()),
            ("namespace", identity.Namespace), ("pod", identity.Pod), ("container", identity.Container),
        ])
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }
    }

    private static void WriteRollup(Utf8JsonWriter writer, in SmapsRollup? rollup)
    {
        if (rollup is not { } known)
        {
            return;
        }

        writer.WriteStartObject("rollup");
        WriteKnown(writer, "uss_bytes", known.Uss);
        for (int i = 0; i < s_rollupKeys.Length; i++)
        {
            WriteKnown(writer, s_rollupKeys[i], known[(RollupField)i]);
        }

        writer.WriteEndObject();
    }

    private static void WriteAnatomy(Utf8JsonWriter writer, Anatomy anatomy, Inspection process)
    {
        writer.WriteNumber("mappings", anatomy.Mappings);
        WriteReal(writer, "address_space_used_ratio", anatomy.AddressSpaceUsed);
        writer.WriteStartObject("kinds");
        for (int i = 0; i < MappingKinds.Count; i++)
        {
            KindBytes bytes = anatomy.Sums[(MappingKind)i];
            if (bytes != default)
            {
                writer.WriteStartObject(MappingKinds.Labels[i]);
                writer.WriteNumber("pss_bytes", bytes.Pss);
                writer.WriteNumber("rss_bytes", bytes.Rss);
                writer.WriteNumber("virtual_bytes", bytes.Virtual);
                writer.WriteNumber("swap_bytes", bytes.Swap);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
        writer.WriteStartObject("advice_bytes");
        for (int i = 0; i < Advices.Count; i++)
        {
            WriteSome(writer, Advices.Labels[i], anatomy.Sums[(Advice)i]);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("remote_bytes");
        for (int i = 0; i < RemoteTypes.Count; i++)
        {
            WriteSome(writer, RemoteTypes.Labels[i], anatomy.Sums[(RemoteType)i]);
        }

        writer.WriteEndObject();
        WriteFiles(writer, anatomy, process);
    }

    private static void WriteFiles(Utf8JsonWriter writer, Anatomy anatomy, Inspection process)
    {
        writer.WriteNumber("mapped_files", anatomy.FileCount);
        writer.WriteStartArray("files");
        for (int i = 0; i < anatomy.Files.Length; i++)
        {
            MappedFile file = anatomy.Files[i];
            writer.WriteStartObject();
            writer.WriteString("file", file.Path);
            WriteBytes(writer, file.Bytes);
            if (i < process.Caches.Count && process.Caches[i] is { } cache)
            {
                writer.WriteNumber("size_bytes", cache.FileBytes);
                writer.WriteNumber("cached_bytes", cache.Cached * process.PageSize);
                writer.WriteNumber("recently_evicted_bytes", cache.RecentlyEvicted * process.PageSize);
            }

            if (file.IsDeleted)
            {
                writer.WriteBoolean("deleted", true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("other_files");
        WriteBytes(writer, anatomy.OtherFiles);
        writer.WriteEndObject();
        writer.WriteNumber("deleted_files", anatomy.DeletedFiles);
        writer.WriteNumber("deleted_programs", anatomy.DeletedPrograms);
        writer.WriteStartArray("deleted");
        foreach (ref readonly DeletedFile file in anatomy.Deleted)
        {
            writer.WriteStartObject();
            writer.WriteString("file", file.Path);
            writer.WriteBoolean("program", file.IsProgram);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBytes(Utf8JsonWriter writer, in FileBytes bytes)
    {
        writer.WriteNumber("pss_bytes", bytes.Pss);
        writer.WriteNumber("rss_bytes", bytes.Rss);
        writer.WriteNumber("dirty_bytes", bytes.Dirty);
    }

    private static void WriteLimits(Utf8JsonWriter writer, in ProcessLimits? limits)
    {
        if (limits is not { } known)
        {
            return;
        }

        writer.WriteStartObject("limits");
        foreach ((string name, long? limit) in ((string, long?)[])
            [("address_space_bytes", known.AddressSpace), ("data_bytes", known.Data), ("stack_bytes", known.Stack), ("locked_bytes", known.Locked)])
        {
            if (limit == ProcessLimits.Unlimited)
            {
                writer.WriteString(name, "unlimited");
            }
            else
            {
                WriteKnown(writer, name, limit);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteFaults(Utf8JsonWriter writer, string name, FaultSpan? faults)
    {
        if (faults is { } known)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("seconds", Math.Round(known.Seconds, 3));
            writer.WriteNumber("major_per_second", Math.Round(known.MajorPerSecond, 3));
            writer.WriteNumber("minor_per_second", Math.Round(known.MinorPerSecond, 3));
            writer.WriteEndObject();
        }
    }

    private static void WriteCost(Utf8JsonWriter writer, string name, ReadCost? cost)
    {
        if (cost is { } known)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("wall_seconds", known.Wall.TotalSeconds);
            writer.WriteNumber("cpu_seconds", known.Cpu.TotalSeconds);
            writer.WriteEndObject();
        }
    }

    private static void WriteSome(Utf8JsonWriter writer, string name, long value)
    {
        if (value > 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }

    private static void WriteReal(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }
}
