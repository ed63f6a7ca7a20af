using System.Collections.Generic;

namespace MapAgent.Shm;

/// <summary>What is known of who uses a segment.</summary>
internal enum SegmentUse
{
    /// <summary>Nobody has looked yet, or not every process that shares the mount could be looked into.</summary>
    Unknown,

    /// <summary>A process maps it or has it open.</summary>
    Used,

    /// <summary>No process maps it or has it open, but not for long enough yet, or it is idle by design.</summary>
    Idle,

    /// <summary>Old, without change and without user for as long as the configuration asks.</summary>
    Unreferenced,
}

/// <summary>One of the largest segments of a mount.</summary>
/// <param name="Name">Its path below the mount, for people: bytes that are no UTF-8 are replaced.</param>
/// <param name="Family">Pattern of its family.</param>
/// <param name="Bytes">Allocated bytes.</param>
/// <param name="SizeBytes">Apparent size.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="ChangedAt">Seconds since 1970.</param>
/// <param name="Use">Whether somebody uses it.</param>
/// <param name="Users">Some of the pids that map it or have it open.</param>
internal sealed record Segment(
    string Name, string Family, long Bytes, long SizeBytes, uint Uid, int Mode, long ChangedAt, SegmentUse Use, IReadOnlyList<int> Users);

/// <summary>Bytes of one family.</summary>
/// <param name="Family">Its pattern.</param>
/// <param name="Bytes">Allocated bytes of all its segments.</param>
/// <param name="Segments">How many.</param>
internal readonly record struct FamilyBytes(string Family, long Bytes, int Segments);
