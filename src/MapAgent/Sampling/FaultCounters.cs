using System;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>The faults of one process from pass to pass.</summary>
internal struct FaultCounters
{
    private long _at;

    /// <summary>Major faults at the last pass, since the process started.</summary>
    public long Major;

    /// <summary>Minor faults at the last pass, since the process started.</summary>
    public long Minor;

    /// <summary>Major faults between the last two sights, never less than 0; 0 while there was one sight only.</summary>
    public long MajorSince;

    /// <inheritdoc cref="MajorSince"/>
    public long MinorSince;

    /// <summary>Seconds between the last two sights; null while there was one only.</summary>
    public double? Seconds;

    /// <summary>The first sight. Faults before it are nobody's: a group counts what members do while they are members.</summary>
    public FaultCounters(scoped in Stat stat, long at)
    {
        Major = (long)stat.MajorFaults;
        Minor = (long)stat.MinorFaults;
        _at = at;
    }

    /// <summary>Takes the counters of a later pass; the same pass again changes nothing.</summary>
    /// <param name="stat">The process as it is now.</param>
    /// <param name="at">When the pass began, as a timestamp of the clock.</param>
    /// <param name="clock">Turns timestamps into spans.</param>
    public void Take(scoped in Stat stat, long at, TimeProvider clock)
    {
        MajorSince = Math.Max(0, (long)stat.MajorFaults - Major);
        MinorSince = Math.Max(0, (long)stat.MinorFaults - Minor);
        Major = (long)stat.MajorFaults;
        Minor = (long)stat.MinorFaults;
        if (at > _at)
        {
            Seconds = clock.GetElapsedTime(_at, at).TotalSeconds;
            _at = at;
        }
    }
}
