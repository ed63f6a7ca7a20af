using System;

namespace MapAgent.Procfs;

/// <summary>Facts that turn the kernel's units into bytes and seconds. All but the boot time never change.</summary>
/// <param name="pageSize">Bytes of a page.</param>
/// <param name="ticksPerSecond">USER_HZ, the unit of all times in <c>stat</c>; 100 on every Linux in use.</param>
/// <param name="bootTime">Seconds since 1970; null where /proc/stat could not be read.</param>
internal sealed class SystemFacts(long pageSize, long ticksPerSecond, long? bootTime)
{
    // unistd.h: _SC_CLK_TCK.
    private const int ClockTicks = 2;

    /// <summary>Bytes of a page.</summary>
    public long PageSize { get; } = pageSize;

    /// <summary>The unit of all times in <c>stat</c>.</summary>
    public long TicksPerSecond { get; } = ticksPerSecond;

    /// <summary>When the system was started, in seconds since 1970 by the wall clock as it is set now; null where unknown.</summary>
    public long? BootTime { get; private set; } = bootTime;

    /// <summary>Asks the C library and reads the boot time from the root's own /proc/stat.</summary>
    public static SystemFacts Read(ProcReader reader)
    {
        long ticks = Libc.SystemConfiguration(ClockTicks);
        SystemFacts facts = new(Environment.SystemPageSize, ticks > 0 ? ticks : 100, null);
        facts.ReadBootTime(reader);
        return facts;
    }

    /// <summary>Reads the boot time again: the kernel moves it when the wall clock is set.</summary>
    public void ReadBootTime(ProcReader reader)
    {
        ReadOutcome outcome = reader.Read(ProcFile.HostStat, out ReadOnlySpan<byte> text);
        HostStat stat = default;
        if (outcome == ReadOutcome.Ok)
        {
            outcome = HostStat.Parse(text, out stat);
        }

        BootTime = reader.Ledger.Record(ProcFile.HostStat, outcome) == ReadOutcome.Ok ? stat.BootTime : null;
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
