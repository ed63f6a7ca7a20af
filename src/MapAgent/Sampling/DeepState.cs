using System;
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

    /// <summary>How long it took.</summary>
    public TimeSpan Cost { get; private set; }

    /// <summary>Takes the outcome of a read.</summary>
    public void Take(Anatomy? anatomy, long at, TimeSpan cost)
    {
        Anatomy = anatomy;
        At = at;
        Cost = cost;
        IsTried = true;
    }

    /// <summary>Drops what was found; when it was read, and what that cost, is still known.</summary>
    public void Forget() => Anatomy = null;
}
