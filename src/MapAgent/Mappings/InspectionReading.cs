using System;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>Reads all of one process because a person asked, and keeps account of what that cost.</summary>
internal sealed class InspectionReading(ProcReader reader, SystemFacts system, TimeProvider clock) : IDisposable
{
    private ProcessDirectory? _directory;
    private long _residentBytes;
    private long _statAt;
    private VmStat _node;

    /// <summary>
    /// Asked before the rollup, with the resident bytes alone, and before the deep read, with the CPU time that the rollup took. False
    /// leaves the read out. Null reads all.
    /// </summary>
    public Func<long, TimeSpan?, bool>? MayTake { get; init; }

    /// <inheritdoc/>
    public void Dispose() => _directory?.Dispose();

    /// <summary>Reads a process.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="inspection">What was read; null when there is no such process.</param>
    /// <returns>Ok; Gone; NoAddressSpace; Denied; Malformed or Failed.</returns>
    public ReadOutcome Read(int pid, out Inspection? inspection)
    {
        inspection = null;
        ReadOutcome outcome = reader.Open(pid, out ProcessDirectory directory);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        _directory = directory;
        _node = ReadNode();
        _statAt = clock.GetTimestamp();
        outcome = reader.ReadStat(directory, out Stat stat);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        _residentBytes = stat.ResidentPages * system.PageSize;
        inspection = About(stat);
        return inspection.HasAddressSpace ? ReadMemory(directory, ref inspection) : ReadOutcome.NoAddressSpace;
    }

    /// <summary>Reads <c>stat</c> once more, for the faults since the first time.</summary>
    /// <returns>The same with faults; unchanged when the process has ended.</returns>
    public Inspection WithFaults(Inspection inspection)
    {
        TimeSpan span = clock.GetElapsedTime(_statAt);
        if (_directory is not { } directory || reader.ReadStat(directory, out Stat stat) != ReadOutcome.Ok
            || stat.StartTicks != inspection.Id.StartTicks || span <= TimeSpan.Zero)
        {
            return inspection;
        }

        long major = Math.Max(0, (long)stat.MajorFaults - inspection.MajorFaults);
        long minor = Math.Max(0, (long)stat.MinorFaults - inspection.MinorFaults);
        VmStat node = ReadNode();
        return inspection with
        {
            Faults = new FaultSpan(span.TotalSeconds, major, minor),
            NodeRefaults = node.RefaultsFile - _node.RefaultsFile + ((node.RefaultsAnon - _node.RefaultsAnon) ?? 0),
            NodeSwapIns = node.SwapInPages - _node.SwapInPages,
        };
    }

    private VmStat ReadNode()
    {
        VmStat node = default;
        ReadOutcome outcome = reader.Read(ProcFile.VmStat, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? VmStat.Parse(text, out node) : outcome;
        return reader.Ledger.Record(ProcFile.VmStat, outcome) == ReadOutcome.Ok ? node : default;
    }

    private CacheStat?[] ReadCaches(in ProcessDirectory directory, Anatomy anatomy)
    {
        FileCacheReading caches = new(reader);
        CacheStat?[] found = new CacheStat?[anatomy.Files.Length];
        bool isKnown = caches.Begin(directory);
        for (int i = 0; isKnown && i < found.Length; i++)
        {
            found[i] = caches.Look(directory, anatomy.Files[i]);
        }

        return found;
    }

    private Inspection About(scoped in Stat stat)
    {
        Inspection about = new()
        {
            Id = new ProcessId(stat.Pid, stat.StartTicks),
            PageSize = system.PageSize,
            Comm = Encoding.UTF8.GetString(stat.Comm),
            IsKernelThread = stat.IsKernelThread,
            HasAddressSpace = stat.HasAddressSpace,
            MajorFaults = (long)stat.MajorFaults,
            MinorFaults = (long)stat.MinorFaults,
            StartTime = system.StartTime(stat.StartTicks),
        };
        // Reads into the buffer that holds the text of stat.
        ReadOutcome outcome = reader.Read(ProcFile.Uptime, out ReadOnlySpan<byte> text);
        double uptime = 0;
        outcome = outcome == ReadOutcome.Ok ? Uptime.Parse(text, out uptime) : outcome;
        double age = uptime - (about.Id.StartTicks / (double)system.TicksPerSecond);
        bool isKnown = reader.Ledger.Record(ProcFile.Uptime, outcome) == ReadOutcome.Ok && age > 0;
        return isKnown ? about with { FaultsSinceStart = new FaultSpan(age, about.MajorFaults, about.MinorFaults) } : about;
    }

    private ReadOutcome ReadMemory(in ProcessDirectory directory, ref Inspection inspection)
    {
        reader.ReadCmdline(directory, out string[] arguments);
        inspection = inspection with
        {
            Cmdline = arguments,
            Uid = reader.ReadStatus(directory, out Status status) == ReadOutcome.Ok ? status.EffectiveUid : null,
            Limits = reader.ReadLimits(directory, out ProcessLimits limits) == ReadOutcome.Ok ? limits : null,
            MappingsLimit = reader.ReadMaxMapCount(),
            IsCutShort = MayTake?.Invoke(_residentBytes, null) == false,
        };
        if (inspection.IsCutShort)
        {
            return ReadOutcome.Ok;
        }

        ReadOutcome outcome = ReadRollup(directory, ref inspection);
        if (outcome == ReadOutcome.Ok && MayTake?.Invoke(_residentBytes, inspection.RollupCost!.Value.Cpu) == false)
        {
            inspection = inspection with { IsCutShort = true };
            return ReadOutcome.Ok;
        }

        return outcome == ReadOutcome.Ok ? ReadAnatomy(directory, ref inspection) : outcome;
    }

    private ReadOutcome ReadRollup(in ProcessDirectory directory, ref Inspection inspection)
    {
        long wall = clock.GetTimestamp();
        long cpu = ThreadClock.Nanoseconds();
        ReadOutcome outcome = reader.ReadRollup(directory, inspection.Id, out SmapsRollup rollup);
        inspection = outcome == ReadOutcome.Ok ? inspection with { Rollup = rollup, RollupCost = Since(wall, cpu) } : inspection;
        return outcome;
    }

    private ReadOutcome ReadAnatomy(in ProcessDirectory directory, ref Inspection inspection)
    {
        Anatomy anatomy = new();
        AnatomyReading deep = new(reader);
        long wall = clock.GetTimestamp();
        long cpu = ThreadClock.Nanoseconds();
        ReadOutcome outcome = deep.Read(directory, inspection.Id, anatomy);
        ReadCost cost = Since(wall, cpu);
        inspection = outcome == ReadOutcome.Ok ? inspection with { Anatomy = anatomy, AnatomyCost = cost, Caches = ReadCaches(directory, anatomy) } : inspection;
        return outcome;
    }

    private ReadCost Since(long wall, long cpu) =>
        new(clock.GetElapsedTime(wall), TimeSpan.FromMicroseconds((ThreadClock.Nanoseconds() - cpu) / 1000.0));
}
