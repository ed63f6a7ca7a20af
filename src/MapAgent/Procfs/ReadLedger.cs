using System;
using System.Linq;

namespace MapAgent.Procfs;

/// <summary>
/// Counts every read by how it ended and every bound that bit. Written by the one thread that reads; others see copies.
/// </summary>
internal sealed class ReadLedger
{
    private readonly long[] _reads = new long[ProcFiles.Count * ReadOutcomes.Count];
    private readonly long[] _cut = new long[ProcFiles.Count];

    /// <summary>Counts one read.</summary>
    /// <returns>The outcome, so that a read can end with this call.</returns>
    public ReadOutcome Record(ProcFile file, ReadOutcome outcome)
    {
        _reads[((int)file * ReadOutcomes.Count) + (int)outcome]++;
        return outcome;
    }

    /// <summary>Counts one file of which only the first <see cref="ProcFiles.Bound"/> bytes were taken.</summary>
    public void RecordCut(ProcFile file) => _cut[(int)file]++;

    /// <summary>How many reads of the file ended so.</summary>
    public long Reads(ProcFile file, ReadOutcome outcome) => _reads[((int)file * ReadOutcomes.Count) + (int)outcome];

    /// <summary>How many reads of the file were cut at the bound.</summary>
    public long Cut(ProcFile file) => _cut[(int)file];

    /// <summary>How many reads were cut at their bound, of all files.</summary>
    public long CutTotal => _cut.Sum();

    /// <summary>An independent copy for a snapshot.</summary>
    public ReadLedger Copy()
    {
        ReadLedger copy = new();
        _reads.AsSpan().CopyTo(copy._reads);
        _cut.AsSpan().CopyTo(copy._cut);
        return copy;
    }
}
