using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>
/// memory.stat of a cgroup: lines <c>shmem 9166848</c>, of the cgroup and all below it (Documentation/admin-guide/cgroup-v2.rst). In
/// v1 those lines begin with <c>total_</c>, and the ones without are of the cgroup alone. Null where the kernel has no such line.
/// </summary>
internal struct MemoryStat
{
    /// <summary>Bytes of tmpfs, System V, memfd and shared anonymous memory that are charged here.</summary>
    public long? ShmemBytes;

    /// <summary>Faults that waited for a disk.</summary>
    public long? MajorFaults;

    /// <summary>File pages read back soon after they were evicted; before 5.9 anonymous ones too.</summary>
    public long? RefaultsFile;

    /// <summary>Anonymous pages read back soon after they were evicted.</summary>
    public long? RefaultsAnon;

    /// <summary>v1 only: the least limit of the cgroup and those above it; <see cref="CgroupNumber.Unlimited"/> when there is none.</summary>
    public long? LimitBytes;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed when a known line has no number or no known line is there.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out MemoryStat memory)
    {
        memory = default;
        bool isFirst = text.IndexOf("\ntotal_"u8) >= 0;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            ReadOnlySpan<byte> own = line;
            if (isFirst && own.StartsWith("total_"u8))
            {
                own = own["total_"u8.Length..];
            }
            else if (isFirst && !own.StartsWith("hierarchical_"u8))
            {
                continue;
            }

            if (!Take(own, "shmem "u8, ref memory.ShmemBytes) || !Take(own, "pgmajfault "u8, ref memory.MajorFaults)
                || !Take(own, "workingset_refault_file "u8, ref memory.RefaultsFile) || !Take(own, "workingset_refault "u8, ref memory.RefaultsFile)
                || !Take(own, "workingset_refault_anon "u8, ref memory.RefaultsAnon)
                || !Take(own, "hierarchical_memory_limit "u8, ref memory.LimitBytes))
            {
                return ReadOutcome.Malformed;
            }
        }

        memory.LimitBytes = memory.LimitBytes >= CgroupNumber.LeastUnlimited ? CgroupNumber.Unlimited : memory.LimitBytes;
        return memory.ShmemBytes is null && memory.MajorFaults is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }

    private static bool Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long? value)
    {
        if (!line.StartsWith(name))
        {
            return true;
        }

        if (!Utf8Parser.TryParse(line[name.Length..], out long number, out int used) || used != line.Length - name.Length || number < 0)
        {
            return false;
        }

        value = number;
        return true;
    }
}
