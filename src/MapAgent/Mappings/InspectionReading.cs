using System;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>Reads all of one process because a person asked, and keeps account of what that cost.</summary>
internal sealed class InspectionReading(ProcReader reader, SystemFacts system, TimeProvider clock) : IDisposable
{
    private ProcessDirectory? _directory;
    private long _statAt;

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
        _statAt = clock.GetTimestamp();
        outcome = reader.ReadStat(directory, out Stat stat);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

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
        return inspection with { Faults = new FaultSpan(span.TotalSeconds, major, minor) };
    }

    private Inspection About(scoped in Stat stat)
    {
        Inspection about = new()
        {
            Id = new ProcessId(stat.Pid, stat.StartTicks),
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
        long wall = clock.GetTimestamp();
        long cpu = ThreadClock.Nanoseconds();
        ReadOutcome outcome = reader.ReadRollup(directory, inspection.Id, out SmapsRollup rollup);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        ReadCost rollupCost = Since(wall, cpu);
        Anatomy anatomy = new();
        AnatomyReading deep = new(reader);
        wall = clock.GetTimestamp();
        cpu = ThreadClock.Nanoseconds();
        outcome = deep.Read(directory, inspection.Id, anatomy);
        ReadCost anatomyCost = Since(wall, cpu);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        reader.ReadCmdline(directory, out string[] arguments);
        inspection = inspection with
        {
            Cmdline = arguments,
            Uid = reader.ReadStatus(directory, out Status status) == ReadOutcome.Ok ? status.EffectiveUid : null,
            Limits = reader.ReadLimits(directory, out ProcessLimits limits) == ReadOutcome.Ok ? limits : null,
            MappingsLimit = reader.ReadMaxMapCount(),
            Rollup = rollup,
            RollupCost = rollupCost,
            Anatomy = anatomy,
            AnatomyCost = anatomyCost,
        };
        return ReadOutcome.Ok;
    }

    private ReadCost Since(long wall, long cpu) =>
        new(clock.GetElapsedTime(wall), TimeSpan.FromMicroseconds((ThreadClock.Nanoseconds() - cpu) / 1000.0));
}
