using System;
using MapAgent.Procfs;

namespace MapAgent.Host;

/// <summary>Reads vmstat, meminfo and memory pressure.</summary>
internal static class HostReading
{
    /// <summary>Seconds since boot; null where unknown.</summary>
    public static double? Uptime(ProcReader reader)
    {
        double seconds = 0;
        ReadOutcome outcome = reader.Read(ProcFile.Uptime, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? Procfs.Uptime.Parse(text, out seconds) : outcome;
        return reader.Ledger.Record(ProcFile.Uptime, outcome) == ReadOutcome.Ok ? seconds : null;
    }

    /// <summary>Reads the three files; what cannot be read stays null.</summary>
    /// <param name="reader">The reader of the pass.</param>
    /// <param name="facts">Gives the page size.</param>
    public static HostValues Read(ProcReader reader, SystemFacts facts)
    {
        ReadOutcome outcome = reader.Read(ProcFile.VmStat, out ReadOnlySpan<byte> text);
        VmStat vmstat = default;
        outcome = outcome == ReadOutcome.Ok ? VmStat.Parse(text, out vmstat) : outcome;
        vmstat = reader.Ledger.Record(ProcFile.VmStat, outcome) == ReadOutcome.Ok ? vmstat : default;

        outcome = reader.Read(ProcFile.MemInfo, out text);
        MemInfo meminfo = default;
        outcome = outcome == ReadOutcome.Ok ? MemInfo.Parse(text, out meminfo) : outcome;
        meminfo = reader.Ledger.Record(ProcFile.MemInfo, outcome) == ReadOutcome.Ok ? meminfo : default;

        outcome = reader.Read(ProcFile.Pressure, out text);
        PressureMemory pressure = default;
        outcome = outcome == ReadOutcome.Ok ? PressureMemory.Parse(text, out pressure) : outcome;
        pressure = reader.Ledger.Record(ProcFile.Pressure, outcome) == ReadOutcome.Ok ? pressure : default;

        return new HostValues
        {
            MajorFaults = vmstat.MajorFaults,
            // pgfault counts every fault, the major ones too.
            MinorFaults = vmstat.PageFaults is { } all && vmstat.MajorFaults is { } major ? Math.Max(0, all - major) : null,
            RefaultsAnon = vmstat.RefaultsAnon,
            RefaultsFile = vmstat.RefaultsFile,
            SwapInBytes = vmstat.SwapInPages * facts.PageSize,
            SwapOutBytes = vmstat.SwapOutPages * facts.PageSize,
            ShmemBytes = meminfo.Shmem,
            MemoryBytes = meminfo.MemTotal,
            AvailableBytes = meminfo.MemAvailable,
            PressureSomeSeconds = pressure.SomeMicroseconds / 1e6,
            PressureFullSeconds = pressure.FullMicroseconds / 1e6,
        };
    }
}
