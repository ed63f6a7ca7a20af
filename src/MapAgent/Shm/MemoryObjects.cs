using System.Collections.Generic;

namespace MapAgent.Shm;

/// <summary>
/// The memory files without a mount that a round has seen: memfd and shared anonymous memory, each object once however many
/// processes hold it.
/// </summary>
internal sealed class MemoryObjects
{
    // Bytes of an object that is mapped somewhere, but that nobody let the agent look at yet.
    private const long Unsized = -1;
    private readonly Dictionary<ulong, long> _bytes = [];

    /// <summary>Begins a round.</summary>
    public void Clear() => _bytes.Clear();

    /// <summary>True when the object's size is known already.</summary>
    public bool Knows(ulong inode) => _bytes.TryGetValue(inode, out long bytes) && bytes != Unsized;

    /// <summary>Notes that there is such an object.</summary>
    public void See(ulong inode) => _bytes.TryAdd(inode, Unsized);

    /// <summary>Notes its allocated bytes.</summary>
    public void Take(ulong inode, long bytes) => _bytes[inode] = bytes;

    /// <summary>Allocated bytes of all; null when one could not be looked at.</summary>
    public long? Total()
    {
        long total = 0;
        foreach (long bytes in _bytes.Values)
        {
            if (bytes == Unsized)
            {
                return null;
            }

            total += bytes;
        }

        return total;
    }
}
