using System;
using System.Collections.Generic;

namespace MapAgent.Procfs;

/// <summary>The files of one process as values: read, understood, and counted by how it ended.</summary>
internal static class ProcessFiles
{
    /// <summary>Reads <c>stat</c> by pid alone, the cheap read of every pass.</summary>
    public static ReadOutcome ReadStat(this ProcReader reader, int pid, out Stat stat)
    {
        ReadOutcome outcome = reader.Read(pid, ProcFile.Stat, out ReadOnlySpan<byte> text);
        return Understand(reader, outcome, text, out stat);
    }

    /// <summary>Reads <c>stat</c> of the process whose directory is open.</summary>
    public static ReadOutcome ReadStat(this ProcReader reader, in ProcessDirectory directory, out Stat stat)
    {
        ReadOutcome outcome = reader.Read(directory, ProcFile.Stat, out ReadOnlySpan<byte> text);
        return Understand(reader, outcome, text, out stat);
    }

    /// <summary>
    /// Reads <c>smaps_rollup</c> of a process that <c>stat</c> has just called alive. ESRCH means exec, zombie or gone:
    /// <c>stat</c> is asked again, and a process that lives on as itself gets one more try.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="directory">The process's directory, by which the pid cannot be another's.</param>
    /// <param name="id">Who it was when <c>stat</c> was read through the same directory.</param>
    /// <param name="rollup">The sums; default unless Ok.</param>
    public static ReadOutcome ReadRollup(this ProcReader reader, in ProcessDirectory directory, ProcessId id, out SmapsRollup rollup)
    {
        ReadOutcome outcome = RollupOnce(reader, directory, out rollup);
        if (outcome == ReadOutcome.Gone)
        {
            outcome = Settle(reader, directory, id);
            if (outcome == ReadOutcome.Ok)
            {
                outcome = RollupOnce(reader, directory, out rollup);
                outcome = outcome == ReadOutcome.Gone && Settle(reader, directory, id) == ReadOutcome.NoAddressSpace
                    ? ReadOutcome.NoAddressSpace
                    : outcome;
            }
        }

        return reader.Ledger.Record(ProcFile.SmapsRollup, outcome);
    }

    /// <summary>
    /// Reads <c>smaps_rollup</c> by pid alone. Whose it is, and why there is none, the caller learns from the <c>stat</c> that it
    /// reads next: if that shows the process it has known since an earlier pass, the process was there all the time. So the
    /// outcome is not recorded here.
    /// </summary>
    public static ReadOutcome ReadRollupFirst(this ProcReader reader, int pid, out SmapsRollup rollup)
    {
        rollup = default;
        ReadOutcome outcome = reader.Read(pid, ProcFile.SmapsRollup, out ReadOnlySpan<byte> text);
        return outcome == ReadOutcome.Ok ? SmapsRollup.Parse(text, out rollup) : outcome;
    }

    /// <summary>Reads <c>status</c>.</summary>
    public static ReadOutcome ReadStatus(this ProcReader reader, in ProcessDirectory directory, out Status status)
    {
        status = default;
        ReadOutcome outcome = reader.Read(directory, ProcFile.Status, out ReadOnlySpan<byte> text);
        return reader.Ledger.Record(ProcFile.Status, outcome == ReadOutcome.Ok ? Status.Parse(text, out status) : outcome);
    }

    /// <summary>Reads <c>statm</c>.</summary>
    public static ReadOutcome ReadStatm(this ProcReader reader, in ProcessDirectory directory, out Statm statm)
    {
        statm = default;
        ReadOutcome outcome = reader.Read(directory, ProcFile.Statm, out ReadOnlySpan<byte> text);
        return reader.Ledger.Record(ProcFile.Statm, outcome == ReadOutcome.Ok ? Statm.Parse(text, out statm) : outcome);
    }

    /// <summary>Reads <c>cmdline</c>; no arguments unless Ok.</summary>
    public static ReadOutcome ReadCmdline(this ProcReader reader, in ProcessDirectory directory, out string[] arguments)
    {
        ReadOutcome outcome = reader.Read(directory, ProcFile.Cmdline, out ReadOnlySpan<byte> text);
        arguments = outcome == ReadOutcome.Ok ? Cmdline.Parse(text) : [];
        return reader.Ledger.Record(ProcFile.Cmdline, outcome);
    }

    /// <summary>Reads the paths in <c>cgroup</c>; none unless Ok.</summary>
    public static ReadOutcome ReadCgroup(this ProcReader reader, in ProcessDirectory directory, out string[] paths)
    {
        paths = [];
        ReadOutcome outcome = reader.Read(directory, ProcFile.Cgroup, out ReadOnlySpan<byte> text);
        return reader.Ledger.Record(ProcFile.Cgroup, outcome == ReadOutcome.Ok ? Cgroup.Parse(text, out paths) : outcome);
    }

    /// <summary>Reads the link <c>exe</c>; null unless Ok.</summary>
    public static ReadOutcome ReadExe(this ProcReader reader, in ProcessDirectory directory, out string? path)
    {
        ReadOutcome outcome = reader.ReadLink(directory, ProcFile.Exe, out ReadOnlySpan<byte> link);
        path = outcome == ReadOutcome.Ok ? Exe.Parse(link) : null;
        return reader.Ledger.Record(ProcFile.Exe, outcome);
    }

    /// <summary>Reads the number of a namespace from its link; 0 unless Ok.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="directory">The process.</param>
    /// <param name="file">Which namespace.</param>
    /// <param name="number">The same for all processes in it.</param>
    public static ReadOutcome ReadNamespace(this ProcReader reader, in ProcessDirectory directory, ProcFile file, out ulong number)
    {
        number = 0;
        ReadOutcome outcome = reader.ReadLink(directory, file, out ReadOnlySpan<byte> target);
        return reader.Ledger.Record(file, outcome == ReadOutcome.Ok ? NamespaceLink.Parse(target, out number) : outcome);
    }

    /// <summary>Reads <c>mountinfo</c>.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="directory">The process.</param>
    /// <param name="mounts">Takes the mounts that were understood, also when the outcome is Malformed.</param>
    public static ReadOutcome ReadMountInfo(this ProcReader reader, in ProcessDirectory directory, List<MountEntry> mounts)
    {
        mounts.Clear();
        ReadOutcome outcome = reader.Read(directory, ProcFile.MountInfo, out ReadOnlySpan<byte> text);
        return reader.Ledger.Record(ProcFile.MountInfo, outcome == ReadOutcome.Ok ? MountInfo.Parse(text, mounts) : outcome);
    }

    /// <summary>Reads <c>limits</c>.</summary>
    public static ReadOutcome ReadLimits(this ProcReader reader, in ProcessDirectory directory, out ProcessLimits limits)
    {
        limits = default;
        ReadOutcome outcome = reader.Read(directory, ProcFile.Limits, out ReadOnlySpan<byte> text);
        return reader.Ledger.Record(ProcFile.Limits, outcome == ReadOutcome.Ok ? ProcessLimits.Parse(text, out limits) : outcome);
    }

    /// <summary>Reads how many mappings a process may have.</summary>
    /// <returns>Null where it cannot be read.</returns>
    public static long? ReadMaxMapCount(this ProcReader reader)
    {
        long mappings = 0;
        ReadOutcome outcome = reader.Read(ProcFile.MaxMapCount, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? MaxMapCount.Parse(text, out mappings) : outcome;
        return reader.Ledger.Record(ProcFile.MaxMapCount, outcome) == ReadOutcome.Ok ? mappings : null;
    }

    private static ReadOutcome Understand(ProcReader reader, ReadOutcome outcome, ReadOnlySpan<byte> text, out Stat stat)
    {
        stat = default;
        return reader.Ledger.Record(ProcFile.Stat, outcome == ReadOutcome.Ok ? Stat.Parse(text, out stat) : outcome);
    }

    private static ReadOutcome RollupOnce(ProcReader reader, in ProcessDirectory directory, out SmapsRollup rollup)
    {
        rollup = default;
        ReadOutcome outcome = reader.Read(directory, ProcFile.SmapsRollup, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? SmapsRollup.Parse(text, out rollup) : outcome;
        rollup = outcome == ReadOutcome.Ok ? rollup : default;
        return outcome;
    }

    private static ReadOutcome Settle(ProcReader reader, in ProcessDirectory directory, ProcessId id)
    {
        ReadOutcome outcome = reader.ReadStat(directory, out Stat stat);
        return outcome != ReadOutcome.Ok ? outcome
            : stat.StartTicks != id.StartTicks || stat.Pid != id.Pid ? ReadOutcome.Gone
            : stat.HasAddressSpace ? ReadOutcome.Ok : ReadOutcome.NoAddressSpace;
    }
}
