using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>The families that carry <c>group</c>, and <c>pid</c>, <c>namespace</c>, <c>pod</c>, <c>container</c> where they apply.</summary>
internal static class ProcessFamilies
{
    private const string Coverage = " Sum over the processes that mapagent_process_measured counts.";

    /// <summary>The rows, in the order of the exposition.</summary>
    public static SeriesFamily[] All { get; } =
    [
        Whole("mapagent.processes", "", "Processes in the group.", Part.Of(static s => s.Processes)),
        Bytes("mapagent.process.pss", "Proportional set size: resident memory, each page divided by how many processes map it.", RollupField.Pss),
        Whole("mapagent.process.uss", "By", "Unique set size: private clean and dirty memory, hugetlb apart; freed when the group ends." + Coverage,
            Part.Of(static s => s.Uss)),
        Bytes("mapagent.process.rollup_rss", "Resident memory by the same rollups as the proportional set size; divide that by this one.", RollupField.Rss),
        Whole("mapagent.process.rss", "By", "Resident memory of every process by stat; shared pages count once for each process.",
            Part.Of(static s => s.ResidentBytes)),
        Whole("mapagent.process.virtual", "By", "Address space of every process.", Part.Of(static s => s.VirtualBytes)),
        Whole("mapagent.process.pss_component", "By", "Parts of the proportional set size." + Coverage,
            Component(RollupField.PssAnon, "anon"), Component(RollupField.PssFile, "file"), Component(RollupField.PssShmem, "shmem")),
        Whole("mapagent.process.rss_component", "By", "Parts of the rollups' resident memory." + Coverage,
            Sharing(RollupField.PrivateClean, "private", "clean"), Sharing(RollupField.PrivateDirty, "private", "dirty"),
            Sharing(RollupField.SharedClean, "shared", "clean"), Sharing(RollupField.SharedDirty, "shared", "dirty")),
        Bytes("mapagent.process.swap", "Swapped out memory; of mapped shared memory the whole object's.", RollupField.Swap),
        Bytes("mapagent.process.swap_pss", "Swapped out memory divided by how many processes share it, shared memory left out.", RollupField.SwapPss),
        Whole("mapagent.process.huge", "By", "Memory in huge pages; hugetlb is in neither PSS nor RSS." + Coverage,
            Kind(RollupField.AnonHugePages, "anon"), Kind(RollupField.ShmemPmdMapped, "shmem"), Kind(RollupField.FilePmdMapped, "file"),
            Kind(RollupField.PrivateHugetlb, "hugetlb_private"), Kind(RollupField.SharedHugetlb, "hugetlb_shared")),
        Bytes("mapagent.process.locked", "Memory locked with mlock, divided by how many processes map it.", RollupField.Locked),
        Bytes("mapagent.process.lazyfree", "Memory given back with MADV_FREE, still resident until memory runs short.", RollupField.LazyFree),
        Bytes("mapagent.process.referenced", "Memory marked as referenced or accessed.", RollupField.Referenced),
        Bytes("mapagent.process.ksm", "Memory merged with equal pages.", RollupField.Ksm),
        Bytes("mapagent.process.pss_dirty", "The changed part of the proportional set size.", RollupField.PssDirty),
        Counter("mapagent.process.major_faults", "Page faults that waited for a disk, of members while they were members.", Part.Of(static s => s.MajorFaults)),
        Counter("mapagent.process.minor_faults", "Page faults served from memory, of members while they were members.", Part.Of(static s => s.MinorFaults)),
        Whole("mapagent.process.fault_cause", "", "1 for the likely cause while the group has 100 major faults or more in a second; docs/faults.md says how it is found.",
            Cause(FaultCause.Refault), Cause(FaultCause.SwapIn), Cause(FaultCause.RandomAccess), Cause(FaultCause.ColdStart), Cause(FaultCause.Unknown)) with { IsOccasional = true },
        Whole("mapagent.process.measured", "", "Processes of the group whose rollup is in the sums.", Part.Of(static s => s.Measured)),
        new("mapagent.process.rollup_age", "s", InstrumentKind.Gauge, "Age of the oldest rollup in the sums; rollups are read off the scrape path.",
            Part.OfReal(static (s, view) => s.Measured > 0 ? view.SecondsSince(s.OldestRollupAt) : null)),
        Whole("mapagent.process.unmeasured", "", "Processes of the group that are not in the rollup sums, by the reason why.",
            Reason(Unmeasured.Denied), Reason(Unmeasured.Budget), Reason(Unmeasured.Filtered), Reason(Unmeasured.Gone), Reason(Unmeasured.Failed)),
        new("mapagent.process.oldest_start_time", "s", InstrumentKind.Gauge, "Start of the group's oldest process, in seconds since 1970.",
            Part.OfReal(static (s, _) => s.OldestStartTime)),
        .. MappingFamilies.All,
    ];

    private static SeriesFamily Whole(string name, string unit, string help, params Part[] parts) => new(name, unit, InstrumentKind.Gauge, help, parts)
    {
        Labels = System.Array.ConvertAll(parts[0].Labels, static label => label.Key),
    };

    private static SeriesFamily Bytes(string name, string help, RollupField field) =>
        Whole(name, "By", help + Coverage, Part.Of(s => s.Rollup(field)));

    private static SeriesFamily Counter(string name, string help, Part part) => new(name, "", InstrumentKind.Counter, help, part);

    private static Part Component(RollupField field, string component) => Part.Of(s => s.Rollup(field), ("component", component));

    private static Part Sharing(RollupField field, string sharing, string state) =>
        Part.Of(s => s.Rollup(field), ("sharing", sharing), ("state", state));

    private static Part Kind(RollupField field, string kind) => Part.Of(s => s.Rollup(field), ("kind", kind));

    private static Part Cause(FaultCause cause) => Part.Of(s => s.Cause == cause ? 1 : null, ("cause", FaultCauses.Labels[(int)cause]));

    private static Part Reason(Unmeasured reason) =>
        Part.Of(s => s.Unmeasured(reason), ("reason", UnmeasuredReasons.Labels[(int)reason]));
}
