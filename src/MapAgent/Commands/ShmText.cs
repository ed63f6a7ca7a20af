using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Commands;

/// <summary>Shared memory for a terminal. What is unknown is said to be.</summary>
internal static class ShmText
{
    private const int BarWidth = 20;
    private const string Left = "unreferenced: in no maps, no fd";

    /// <summary>Mounts, their families and largest segments, then what is no mount.</summary>
    public static string Render(Snapshot snapshot, UserNames users, Ink ink)
    {
        StringBuilder text = new();
        foreach (ShmMountValues mount in snapshot.Shm.Mounts)
        {
            Mount(text, mount, users, snapshot.At.ToUnixTimeSeconds(), ink);
            text.Append('\n');
        }

        if (snapshot.Shm.Mounts.Count == 0)
        {
            text.Append("No shm mount was found.\n\n");
        }

        if (snapshot.Shm.Sysv is { } sysv)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"System V: {GroupTableText.Size(sysv.Bytes)} in {Count(sysv.Segments, "segment")}, {GroupTableText.Size(sysv.UnattachedBytes)} attached by nobody\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Shmem of the node: {GroupTableText.Size(snapshot.Host.ShmemBytes)}, ")
            .Append(snapshot.Shm.UnaccountedBytes is { } hidden
                ? $"{GroupTableText.Size(hidden)} of it in no tmpfs, System V segment, memfd or shared anonymous memory\n"
                : "not all of it could be looked into (mapagent doctor says why)\n");
        return text.ToString();
    }

    private static void Mount(StringBuilder text, ShmMountValues mount, UserNames users, long now, Ink ink)
    {
        string fill = mount.SizeBytes is > 0 and { } size && mount.UsedBytes is { } used
            ? string.Create(CultureInfo.InvariantCulture, $"{GroupTableText.Size(used)} of {GroupTableText.Size(size)} {Bar(used, size)} {100.0 * used / size:F1} %")
            : "without limit";
        string owner = GroupTableText.Owner(mount.Namespace, mount.Pod, mount.Container);
        bool isNearlyFull = mount.UsedBytes > 0.9 * mount.SizeBytes;
        text.Append(CultureInfo.InvariantCulture, $"{ink.Head(Printable(mount.Mount))}{(owner.Length > 0 ? $" ({Printable(owner)})" : "")}  {(isNearlyFull ? ink.Warn(fill) : fill)}\n");
        text.Append("  inodes ").Append(mount.Inodes is { } inodes ? $"{mount.InodesUsed} of {inodes}" : "without limit")
            .Append("; segments ").Append(mount.Segments?.ToString(CultureInfo.InvariantCulture) ?? "not all listed")
            .Append("; unlinked ").Append(mount.UnlinkedBytes is { } unlinked ? GroupTableText.Size(unlinked) : "unknown")
            .Append("; unreferenced ").Append(mount.UnreferencedBytes is { } left
                ? $"{GroupTableText.Size(left)} in {Count(mount.UnreferencedSegments ?? 0, "segment")}"
                : mount.Segments is null ? "unknown" : "unknown, as a process that may share it cannot be looked into").Append('\n');
        if (mount.UnlinkedBytes > 0)
        {
            text.Append(ink.Warn("  unlinked: in use, but by no name; a process still maps it or has it open")).Append('\n');
        }

        foreach (FamilyBytes family in mount.Families.OrderByDescending(static family => family.Bytes))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {GroupTableText.Size(family.Bytes),10}  {Printable(family.Family)} ({Count(family.Segments, "segment")})\n");
        }

        Segments(text, mount.Largest, users, now, ink);
    }

    private static void Segments(StringBuilder text, IReadOnlyList<Segment> segments, UserNames users, long now, Ink ink)
    {
        List<string[]> rows = [["BYTES", "OWNER", "AGE", "USE", "SEGMENT"]];
        rows.AddRange(segments.Select(segment => (string[])
        [
            GroupTableText.Size(segment.Bytes), Printable(users.Of(segment.Uid)), Age(now - segment.ChangedAt), Use(segment), Printable(segment.Name),
        ]));
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => Cells.Width(row[column])))];
        foreach (string[] row in segments.Count > 0 ? rows : [])
        {
            string line = $"    {Cells.PadLeft(row[0], widths[0])}  {Cells.PadRight(row[1], widths[1])}  {Cells.PadLeft(row[2], widths[2])}  {Cells.PadRight(row[3], widths[3])}  {row[4]}";
            text.Append(row == rows[0] ? ink.Head(line) : row[3] == Left ? ink.Warn(line) : line).Append('\n');
        }
    }

    private static string Use(Segment segment) => segment.Use switch
    {
        SegmentUse.Used => "pid " + string.Join(' ', segment.Users),
        SegmentUse.Idle => "nobody now",
        SegmentUse.Unreferenced => Left,
        _ => "unknown",
    };

    /// <summary>A share as a bar; the least bit shows.</summary>
    public static string Bar(long used, long size)
    {
        int full = (int)Math.Clamp(Math.Ceiling((double)used / size * BarWidth), 0, BarWidth);
        return "[" + new string('#', full) + new string('-', BarWidth - full) + "]";
    }

    private static string Age(long seconds) => seconds switch
    {
        < 0 => "-",
        < 120 => $"{seconds} s",
        < 7200 => $"{seconds / 60} min",
        < 172_800 => $"{seconds / 3600} h",
        _ => $"{seconds / 86_400} d",
    };

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Printable(string text) => GroupTableText.Printable(text);
}
