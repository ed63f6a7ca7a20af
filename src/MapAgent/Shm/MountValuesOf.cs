using System;
using System.Collections.Generic;
using System.Linq;

namespace MapAgent.Shm;

/// <summary>Closes the books of one mount: what was read of it becomes values of the snapshot.</summary>
internal static class MountValuesOf
{
    // A listing older than this is no longer shown.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    /// <summary>The values of a mount that has just been measured.</summary>
    public static ShmMountValues Mount(ShmMount mount, Usage usage, ShmOptions options, TimeProvider clock)
    {
        Listing? listing = clock.GetElapsedTime(mount.ListedAt) < s_lifetime ? mount.Listing : null;
        bool isWhole = listing is { IsWhole: true };
        long now = clock.GetTimestamp();
        long wall = clock.GetUtcNow().ToUnixTimeSeconds();
        bool isFresh = clock.GetElapsedTime(mount.Uses.LookedAt, now) < UseRounds.Lifetime;
        SegmentUse Use(Listed segment) => isFresh ? UseOf(mount.Uses, segment, options, clock, wall)
            : SegmentUse.Unknown;
        bool isKnown = isWhole && isFresh && mount.Uses.IsKnown;
        Listed[] left = isKnown ? [.. listing!.Segments.Where(segment => Use(segment) == SegmentUse.Unreferenced)] : [];
        return new ShmMountValues
        {
            Mount = mount.Label,
            Device = mount.Identity.Device,
            SizeBytes = usage.SizeBytes,
            UsedBytes = usage.UsedBytes,
            PeakBytes = usage.UsedBytes is { } used ? mount.TakePeak(used) : null,
            Inodes = usage.Inodes,
            InodesUsed = usage.InodesUsed,
            Segments = isWhole ? listing!.Segments.Count : null,
            UnlinkedBytes = listing is not null ? mount.UnlinkedBytes : null,
            UnreferencedBytes = isKnown ? left.Sum(static segment => segment.Bytes) : null,
            UnreferencedSegments = isKnown ? left.Length : null,
            Families = isWhole ? Families(listing!.Segments) : [],
            Largest = listing is null ? [] : [.. listing.Segments
                .OrderByDescending(static segment => segment.Bytes).ThenBy(static segment => segment.Name, StringComparer.Ordinal)
                .Take(options.Segments)
                .Select(segment => new Segment(
                    segment.Name, segment.Family.Pattern, segment.Bytes, segment.SizeBytes, segment.Uid, segment.Mode, segment.ChangedAt,
                    Use(segment), isFresh ? mount.Uses.Users(segment.Inode) : []))],
            Pids = mount.Pids.ToArray(),
        };
    }

    private static SegmentUse UseOf(SegmentUses uses, Listed segment, ShmOptions options, TimeProvider clock, long wall)
    {
        if (uses.Users(segment.Inode).Count > 0)
        {
            return SegmentUse.Used;
        }

        if (!uses.IsKnown || uses.UnusedSince(segment.Inode) is not { } since)
        {
            return SegmentUse.Unknown;
        }

        bool old = wall - segment.ChangedAt >= options.UnreferencedAfter.TotalSeconds;
        // Since the last round somebody may have mapped it.
        bool seen = options.LooksOnce || clock.GetElapsedTime(since, uses.LookedAt) >= options.UnreferencedAfter;
        return old && seen && !segment.Family.IsIdleByDesign
            ? SegmentUse.Unreferenced
            : SegmentUse.Idle;
    }

    private static FamilyBytes[] Families(List<Listed> segments) =>
        [.. segments.GroupBy(static segment => segment.Family.Pattern, StringComparer.Ordinal)
            .Select(static family => new FamilyBytes(family.Key, family.Sum(static segment => segment.Bytes), family.Count()))
            .OrderBy(static family => family.Family, StringComparer.Ordinal)];
}
