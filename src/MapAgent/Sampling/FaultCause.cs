using System;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>Why a group faults on disk much.</summary>
internal enum FaultCause
{
    /// <summary>Pages that were evicted lately are read again: memory is too small for what is in use.</summary>
    Refault,

    /// <summary>Anonymous pages come back from swap.</summary>
    SwapIn,

    /// <summary>A file is read here and there under a hint that switches reading ahead off.</summary>
    RandomAccess,

    /// <summary>The processes are young and touch their files for the first time.</summary>
    ColdStart,

    /// <summary>None of these by the evidence there is.</summary>
    Unknown,
}

/// <summary>What is known of a group and its node between two passes.</summary>
internal readonly record struct FaultEvidence
{
    /// <summary>Seconds between the two passes.</summary>
    public required double Seconds { get; init; }

    /// <summary>Major faults of the group.</summary>
    public required long MajorFaults { get; init; }

    /// <summary>Of these, the ones of processes that were younger than <see cref="FaultCauses.YoungSeconds"/>.</summary>
    public required long MajorFaultsOfYoung { get; init; }

    /// <summary>Pages of the node that were read back soon after their eviction; null where the kernel does not say.</summary>
    public required long? Refaults { get; init; }

    /// <summary>Pages the node read from swap; null where the kernel does not say.</summary>
    public required long? SwapIns { get; init; }

    /// <summary>Bytes that the group had in swap at the pass before; null when none of its rollups was fresh.</summary>
    public required long? SwapBytes { get; init; }

    /// <summary>Whether a member maps a file under MADV_RANDOM; null when no member's mappings were read.</summary>
    public required bool? HasRandomHint { get; init; }
}

/// <summary>Names the cause of a fault storm from two passes. What the kernel counts for the whole node can only make a cause likely.</summary>
internal static class FaultCauses
{
    /// <summary>Major faults in a second from which a cause is named: at 1 ms each they take a tenth of a thread.</summary>
    public const double HighRate = 100;

    /// <summary>A process younger than this is starting.</summary>
    public const double YoungSeconds = 120;

    // Of the group's faults, how many pages the node must have read back, or from swap.
    private const double Most = 0.5;

    private static readonly string[] s_labels = ["refault", "swap_in", "random_access", "cold_start", "unknown"];

    /// <summary>The causes as values of the label <c>cause</c>, in their order.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The cause for one process that was looked at; null while its rate is not high, or unknown.</summary>
    public static FaultCause? Of(Inspection process) => process.Faults is not { } faults ? null : Of(new FaultEvidence
    {
        Seconds = faults.Seconds,
        MajorFaults = faults.Major,
        MajorFaultsOfYoung = process.FaultsSinceStart is { Seconds: < YoungSeconds } ? faults.Major : 0,
        Refaults = process.NodeRefaults,
        SwapIns = process.NodeSwapIns,
        SwapBytes = process.Rollup?[RollupField.Swap],
        HasRandomHint = process.Anatomy?.Sums[Advice.Random] > 0,
    });

    /// <summary>The cause; null while the rate is not high.</summary>
    public static FaultCause? Of(in FaultEvidence evidence)
    {
        if (evidence.Seconds <= 0 || evidence.MajorFaults < HighRate * evidence.Seconds)
        {
            return null;
        }

        double most = evidence.MajorFaults * Most;
        // Swap first: a page read back from swap is a refault too.
        return evidence.SwapIns >= most && evidence.SwapBytes is null or > 0 ? FaultCause.SwapIn
            : evidence.Refaults >= most ? FaultCause.Refault
            : evidence.HasRandomHint == true ? FaultCause.RandomAccess
            : evidence.MajorFaultsOfYoung >= most ? FaultCause.ColdStart
            : FaultCause.Unknown;
    }
}
