using System;

namespace MapAgent.Sampling;

/// <summary>
/// When another name of a process is a reason to match it anew. A process may name itself as often as it likes, and the rules may
/// look at much: who does so all the time is asked about ever more rarely.
/// </summary>
internal struct Renames
{
    // Most programs set their name once or twice, after they have started.
    private const int Free = 4;
    private const int MostDoublings = 6;

    private int _count;
    private long _from;

    /// <summary>Whether a name that differs is a reason, in this pass.</summary>
    public readonly bool Counts(ulong known, ulong seen, long pass) => known != seen && pass >= _from;

    /// <summary>Notes that the process was matched under its name.</summary>
    public void Note(ulong known, ulong seen, long pass)
    {
        if (known != seen && ++_count > Free)
        {
            _from = pass + (1L << Math.Min(_count - Free, MostDoublings));
        }
    }
}
