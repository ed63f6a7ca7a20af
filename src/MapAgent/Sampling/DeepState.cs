using MapAgent.Mappings;

namespace MapAgent.Sampling;

/// <summary>What is remembered of the deep reads of one process.</summary>
internal struct DeepState
{
    /// <summary>What the last read found; null when there is none, or it failed.</summary>
    public Anatomy? Anatomy { get; private set; }

    /// <summary>True once a read was made.</summary>
    public bool IsTried { get; private set; }

    /// <summary>When the last read began, as a timestamp of the clock.</summary>
    public long At { get; private set; }

    /// <summary>CPU nanoseconds of the last read that came to its end; 0 while there was none.</summary>
    public long Cost { get; private set; }

    /// <summary>When it began.</summary>
    public long CostAt { get; private set; }

    /// <summary>What the process had resident then.</summary>
    public long ResidentBytes { get; private set; }

    /// <summary>Takes the outcome of a read.</summary>
    /// <param name="anatomy">What it found; null when it failed.</param>
    /// <param name="at">When it began.</param>
    /// <param name="cost">CPU nanoseconds: wall time would also tell how busy the machine was.</param>
    /// <param name="residentBytes">What the process had resident.</param>
    public void Take(Anatomy? anatomy, long at, long cost, long residentBytes)
    {
        Anatomy = anatomy;
        At = at;
        IsTried = true;
        if (anatomy is not null)
        {
            (Cost, CostAt, ResidentBytes) = (cost, at, residentBytes);
        }
    }

    /// <summary>Drops what was found; when it was read, and what that cost, is still known.</summary>
    public void Forget() => Anatomy = null;
}
