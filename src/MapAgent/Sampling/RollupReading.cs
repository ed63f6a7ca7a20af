using System;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>Reads rollups into process records and keeps the books of what that cost.</summary>
internal sealed class RollupReading(ProcReader reader, SystemFacts system, TimeProvider clock, PassTimes times)
{
    /// <summary>CPU nanoseconds of all rollup reads since the start.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>Seconds since boot at the start of the pass; null where unknown, then every process is old enough.</summary>
    public double? UptimeSeconds { get; set; }

    /// <summary>True when the next visit should open the process's directory, because its rollup is to be read.</summary>
    public bool IsDue(ProcessRecord process) => process.Rule is { } rule && Filter(process, rule) is null;

    /// <summary>Drops the rollup of a process that its rule leaves out now, and says why.</summary>
    public void Review(ProcessRecord process)
    {
        if (process.Rule is { } rule && Filter(process, rule) is { } reason)
        {
            process.HasRollup = false;
            process.Why = reason;
        }
    }

    /// <summary>Reads the rollup of a process that is open and has just been seen alive, unless its rule leaves it out.</summary>
    /// <param name="process">Takes the rollup, or the reason why there is none.</param>
    /// <param name="rule">Its rule, or the one that will be; null for none.</param>
    /// <param name="directory">Its directory, through which its <c>stat</c> was read.</param>
    public void Read(ProcessRecord process, Rule? rule, in ProcessDirectory directory)
    {
        if (rule is null)
        {
            return;
        }

        if (Filter(process, rule) is { } reason)
        {
            process.HasRollup = false;
            process.Why = reason;
            return;
        }

        long cpu = ThreadClock.Nanoseconds();
        long started = clock.GetTimestamp();
        ReadOutcome outcome = reader.ReadRollup(directory, process.Id, out SmapsRollup rollup);
        long ended = clock.GetTimestamp();
        CpuNanoseconds += ThreadClock.Nanoseconds() - cpu;
        times.RollupRead(clock.GetElapsedTime(started, ended).TotalSeconds);
        process.HasRollup = outcome == ReadOutcome.Ok;
        if (outcome == ReadOutcome.Ok)
        {
            process.Rollup = rollup;
            process.RollupAt = started;
        }
        else
        {
            process.Why = outcome switch
            {
                ReadOutcome.Denied => Unmeasured.Denied,
                ReadOutcome.Gone or ReadOutcome.NoAddressSpace => Unmeasured.Gone,
                _ => Unmeasured.Failed,
            };
        }
    }

    private Unmeasured? Filter(ProcessRecord process, Rule rule)
    {
        RuleOptions options = rule.Options;
        if (!process.HasAddressSpace)
        {
            return Unmeasured.Gone;
        }

        if (options.Rollup == RollupPolicy.Never || process.ResidentBytes < options.MinRssBytes)
        {
            return Unmeasured.Filtered;
        }

        return options.MinAge > TimeSpan.Zero && Age(process) < options.MinAge ? Unmeasured.Filtered : null;
    }

    private TimeSpan Age(ProcessRecord process) =>
        UptimeSeconds is { } now
            ? TimeSpan.FromSeconds(Math.Max(0, now - (process.Id.StartTicks / (double)system.TicksPerSecond)))
            : TimeSpan.MaxValue;
}
