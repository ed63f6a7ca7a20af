using System;

namespace MapAgent.Procfs;

/// <summary>Facts that turn the kernel's units into bytes and seconds. Read once at start.</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="TicksPerSecond">USER_HZ, the unit of all times in <c>stat</c>; 100 on every Linux in use.</param>
/// <param name="BootTime">Seconds since 1970; null where /proc/stat could not be read.</param>
internal readonly record struct SystemFacts(long PageSize, long TicksPerSecond, long? BootTime)
{
    // unistd.h: _SC_CLK_TCK.
    private const int ClockTicks = 2;

    /// <summary>Asks the C library and reads the boot time from the root's own /proc/stat.</summary>
    public static SystemFacts Read(ProcReader reader)
    {
        ReadOutcome outcome = reader.Read(ProcFile.HostStat, out ReadOnlySpan<byte> text);
        HostStat stat = default;
        if (outcome == ReadOutcome.Ok)
        {
            outcome = HostStat.Parse(text, out stat);
        }

        reader.Ledger.Record(ProcFile.HostStat, outcome);
        long ticks = Libc.SystemConfiguration(ClockTicks);
        return new SystemFacts(Environment.SystemPageSize, ticks > 0 ? ticks : 100, outcome == ReadOutcome.Ok ? stat.BootTime : null);
    }

    /// <summary>Start of a process as a date, to the tick: 1970 and the time since boot where the boot time is unknown.</summary>
    /// <param name="startTicks">Field 22 of <c>stat</c>.</param>
    public DateTimeOffset StartDate(ulong startTicks) =>
        DateTimeOffset.UnixEpoch.AddSeconds(BootTime ?? 0).AddTicks((long)startTicks * (TimeSpan.TicksPerSecond / TicksPerSecond));

    /// <summary>Start of a process in seconds since 1970.</summary>
    /// <param name="startTicks">Field 22 of <c>stat</c>.</param>
    /// <returns>Null when the boot time is unknown.</returns>
    public double? StartTime(ulong startTicks) => BootTime + (startTicks / (double)TicksPerSecond);
}
