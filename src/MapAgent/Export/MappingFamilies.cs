using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Mappings;

namespace MapAgent.Export;

/// <summary>What is mapped, of groups whose mappings are read. A kind, hint or filesystem that nothing is mapped of has no series.</summary>
internal static class MappingFamilies
{
    private const string Storm = ", while the group has a fault cause; where cachestat(2) answers.";
    private const string Coverage = " Of members whose mappings were read, within mappings.interval where the budget allows.";

    /// <summary>The rows with a fixed set of labels.</summary>
    public static SeriesFamily[] All { get; } =
    [
        ByKind("mapagent.mapping.pss", "Proportional set size by kind of mapping.", static bytes => bytes.Pss),
        ByKind("mapagent.mapping.rss", "Resident memory by kind of mapping.", static bytes => bytes.Rss),
        ByKind("mapagent.mapping.virtual", "Address space by kind of mapping.", static bytes => bytes.Virtual),
        ByKind("mapagent.mapping.swap", "Swapped out memory by kind of mapping.", static bytes => bytes.Swap),
        Family("mapagent.mapping.advice", "By", "Address space under a hint given with madvise.",
            [.. Enum.GetValues<Advice>().Select(static advice => Part.Of(s => Some(s.Anatomy?.Sums[advice]), ("advice", advice.Label())))]) with { IsOccasional = true },
        Family("mapagent.mapping.remote", "By", "Address space mapped from a filesystem that somebody else serves.",
            [.. Enum.GetValues<RemoteType>().Select(static type => Part.Of(s => Some(s.Anatomy?.Sums[type]), ("fstype", type.Label())))]) with { IsOccasional = true },
        Family("mapagent.mapped_deleted_files", "", "Binaries and libraries in use that were replaced or removed on disk since.",
            Part.Of(static s => s.Anatomy?.DeletedPrograms)),
        Family("mapagent.process.mappings", "", "Most mappings of any member; mapagent_mappings_limit is how many it may have.",
            Part.Of(static s => s.Anatomy?.MostMappings)),
        new("mapagent.process.address_space_used_ratio", "", InstrumentKind.Gauge, "Largest share of its address space that a 32-bit member uses.",
            Part.OfReal(static (s, _) => s.Anatomy?.AddressSpaceUsed)) { IsOccasional = true },
    ];

    /// <summary>The largest files.</summary>
    public static FileFamily[] Files { get; } =
    [
        new("mapagent.mapped_file.pss", "By", "Proportional set size of the largest mapped files, and of all others." + Coverage,
            static s => s.Anatomy?.Files ?? []) { Labels = ["file"] },
        new("mapagent.mapped_file.cached_ratio", "", "Share of a mapped file that is in the page cache" + Storm, null,
            static s => s.Caches.Where(static file => file.CachedRatio is not null)
                .Select(static file => KeyValuePair.Create(file.File, file.CachedRatio!.Value))) { Labels = ["file"], IsOccasional = true },
        new("mapagent.mapped_file.recently_evicted", "By", "What of a mapped file was taken out of the page cache while it still was in use" + Storm,
            static s => s.Caches.Select(static file => KeyValuePair.Create(file.File, file.RecentlyEvictedBytes))) { Labels = ["file"], IsOccasional = true },
    ];

    private static SeriesFamily ByKind(string name, string help, Func<KindBytes, long> value) =>
        Family(name, "By", help, [.. Enum.GetValues<MappingKind>().Select(kind =>
            Part.Of(s => s.Anatomy is { } anatomy && anatomy.Sums[kind].Virtual > 0 ? value(anatomy.Sums[kind]) : null, ("kind", kind.Label())))]);

    private static SeriesFamily Family(string name, string unit, string help, params Part[] parts) => new(name, unit, InstrumentKind.Gauge, help + Coverage, parts)
    {
        Labels = Array.ConvertAll(parts[0].Labels, static label => label.Key),
    };

    private static long? Some(long? bytes) => bytes > 0 ? bytes : null;
}
