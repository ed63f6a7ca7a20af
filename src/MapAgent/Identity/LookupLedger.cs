using System;
using System.Threading;

namespace MapAgent.Identity;

/// <summary>Counts lookups by source and outcome, and what was refused. Written by the lookups' threads, read by the pass.</summary>
internal sealed class LookupLedger
{
    private readonly long[] _counts = new long[SourceKinds.Labels.Length * LookupOutcomes.Labels.Length];
    private readonly int[] _last = new int[SourceKinds.Labels.Length];
    private readonly int[] _lastRefused = new int[SourceKinds.Labels.Length];
    private long _refused;

    /// <summary>Names that broke the rules of Kubernetes.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>How many lookups of a source ended so.</summary>
    public long this[SourceKind source, LookupOutcome outcome] => Volatile.Read(ref _counts[Index(source, outcome)]);

    /// <summary>How the last lookup ended; null before the first.</summary>
    public LookupOutcome? Last(SourceKind source) => Volatile.Read(ref _last[(int)source]) is > 0 and int last ? (LookupOutcome)(last - 1) : null;

    /// <summary>Counts. Each source has one lookup at a time.</summary>
    public void Record(SourceKind source, LookupOutcome outcome, int refused)
    {
        Interlocked.Increment(ref _counts[Index(source, outcome)]);
        Volatile.Write(ref _last[(int)source], (int)outcome + 1);
        // A name that stays is found again by each lookup.
        int before = Volatile.Read(ref _lastRefused[(int)source]);
        Interlocked.Add(ref _refused, Math.Max(0, refused - before));
        Volatile.Write(ref _lastRefused[(int)source], outcome == LookupOutcome.Ok ? refused : Math.Max(before, refused));
    }

    /// <summary>Forgets how the last one ended, of a source that is asked no more.</summary>
    public void Forget(SourceKind source) => Volatile.Write(ref _last[(int)source], 0);

    /// <summary>An independent copy for a snapshot.</summary>
    public LookupLedger Copy()
    {
        LookupLedger copy = new() { _refused = Refused };
        for (int i = 0; i < _counts.Length; i++)
        {
            copy._counts[i] = Volatile.Read(ref _counts[i]);
        }

        for (int i = 0; i < _last.Length; i++)
        {
            copy._last[i] = Volatile.Read(ref _last[i]);
        }

        return copy;
    }

    private static int Index(SourceKind source, LookupOutcome outcome) => ((int)source * LookupOutcomes.Labels.Length) + (int)outcome;
}
