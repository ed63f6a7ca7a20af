using System;
using MapAgent.Host;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>What the node's counters did between two passes, as evidence for the groups' faults.</summary>
internal sealed class NodeFaults(SystemFacts facts, TimeProvider clock)
{
    private HostValues? _before;
    private long _at;

    /// <summary>Takes the counters of a pass.</summary>
    /// <returns>The evidence without what is of a group; null in the first pass.</returns>
    public FaultEvidence? Since(HostValues now)
    {
        long at = clock.GetTimestamp();
        FaultEvidence? evidence = _before is not { } before ? null : new FaultEvidence
        {
            Seconds = clock.GetElapsedTime(_at, at).TotalSeconds,
            MajorFaults = 0,
            MajorFaultsOfYoung = 0,
            // Before 5.9 the kernel has one counter for both kinds, which is read as the file's.
            Refaults = Rise(before.RefaultsFile, now.RefaultsFile) + (Rise(before.RefaultsAnon, now.RefaultsAnon) ?? 0),
            SwapIns = Rise(before.SwapInBytes, now.SwapInBytes) / facts.PageSize,
            SwapBytes = null,
            HasRandomHint = null,
        };
        _before = now;
        _at = at;
        return evidence;
    }

    private static long? Rise(long? before, long? now) => now - before is { } rise ? Math.Max(0, rise) : null;
}
