using System.Collections.Generic;

namespace MapAgent.Shm;

/// <summary>
/// Who uses the segments of one mount, as the last whole round over the processes found it, and since when nobody does.
/// </summary>
internal sealed class SegmentUses
{
    // Timestamps of the first round that found no user.
    private Dictionary<ulong, long> _unusedSince = [];
    private Dictionary<ulong, List<int>> _users = [];

    /// <summary>True when the last round could look into every process that shares the mount.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Timestamp of the beginning of the last round.</summary>
    public long LookedAt { get; private set; }

    /// <summary>Takes over a finished round.</summary>
    /// <param name="listed">The names in the mount now.</param>
    /// <param name="users">Pids by inode number, for every inode that has a user.</param>
    /// <param name="isKnown">Whether all who share the mount were looked into.</param>
    /// <param name="began">Timestamp of the beginning of the round.</param>
    public void Take(List<Listed> listed, Dictionary<ulong, List<int>> users, bool isKnown, long began)
    {
        Dictionary<ulong, long> unused = [];
        foreach (Listed segment in listed)
        {
            if (isKnown && !users.ContainsKey(segment.Inode))
            {
                unused[segment.Inode] = _unusedSince.GetValueOrDefault(segment.Inode, began);
            }
        }

        _unusedSince = unused;
        _users = users;
        IsKnown = isKnown;
        LookedAt = began;
    }

    /// <summary>Some of the pids that use the segment.</summary>
    public IReadOnlyList<int> Users(ulong inode) => _users.TryGetValue(inode, out List<int>? pids) ? pids : [];

    /// <summary>Timestamp since when no round has found a user; null when the last one did, or never looked.</summary>
    public long? UnusedSince(ulong inode) => _unusedSince.TryGetValue(inode, out long since) ? since : null;

    /// <summary>Whether the round knew the segment at all: a newer one has not been looked for.</summary>
    public bool Knows(ulong inode) => _users.ContainsKey(inode) || _unusedSince.ContainsKey(inode);
}
