using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>One process of a series in a snapshot. Null is what was not measured.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Comm">Its name.</param>
/// <param name="ResidentBytes">By <c>stat</c>, from this pass.</param>
/// <param name="Pss">By the rollup.</param>
/// <param name="Uss">By the rollup.</param>
/// <param name="Swap">By the rollup.</param>
/// <param name="RollupAt">When the rollup was read, as a timestamp of the clock; null when there is none.</param>
/// <param name="Why">Why there is none; meaningless when there is one.</param>
/// <param name="MajorFaultsPerSecond">Between the last two passes; null for one that was seen once.</param>
/// <param name="MinorFaultsPerSecond">The same of minor faults.</param>
internal readonly record struct MemberSnapshot(
    int Pid, Comm Comm, long ResidentBytes, long? Pss, long? Uss, long? Swap, long? RollupAt, Unmeasured Why, double? MajorFaultsPerSecond,
    double? MinorFaultsPerSecond)
{
    /// <summary>What a pass remembers of the process, as it is now.</summary>
    public static MemberSnapshot Of(ProcessRecord process)
    {
        ref readonly FaultCounters faults = ref process.Faults;
        double? perSecond = faults.Seconds is > 0 and { } seconds ? 1 / seconds : null;
        MemberSnapshot member = new(process.Id.Pid, process.Comm, process.ResidentBytes, null, null, null, null, process.Why,
            faults.MajorSince * perSecond, faults.MinorSince * perSecond);
        return process.HasRollup
            ? member with
            {
                Pss = process.Rollup[RollupField.Pss],
                Uss = process.Rollup.Uss,
                Swap = process.Rollup[RollupField.Swap],
                RollupAt = process.RollupAt,
                Why = Unmeasured.Budget,
            }
            : member;
    }
}
