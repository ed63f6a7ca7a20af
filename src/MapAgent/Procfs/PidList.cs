using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>Pids in a list that keeps its room from pass to pass.</summary>
internal sealed class PidList
{
    /// <summary>The most pids taken in one pass; what is beyond is counted in <see cref="Dropped"/>.</summary>
    public const int Bound = 131_072;

    private int[] _pids = new int[1024];
    private ulong[] _inodes = new ulong[1024];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many did not fit the bound since the last <see cref="Clear"/>.</summary>
    public int Dropped { get; private set; }

    /// <summary>The pids.</summary>
    public ReadOnlySpan<int> Pids => _pids.AsSpan(0, Count);

    /// <summary>
    /// The inode numbers of their directories. procfs gives every process a number of its own when its directory is first looked
    /// at, and listing looks: the same number means the same process. A new one may also mean that the kernel had forgotten it.
    /// </summary>
    public ReadOnlySpan<ulong> Inodes => _inodes.AsSpan(0, Count);

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        Count = 0;
        Dropped = 0;
    }

    /// <summary>Takes the names that are numbers.</summary>
    /// <param name="records">What getdents64(2) wrote.</param>
    public void TakeEntries(ReadOnlySpan<byte> records)
    {
        DirectoryEntries entries = new(records);
        while (entries.MoveNext())
        {
            ReadOnlySpan<byte> name = entries.Current;
            if (name[0] is >= (byte)'1' and <= (byte)'9' && Utf8Parser.TryParse(name, out int pid, out int used) && used == name.Length)
            {
                Add(pid, entries.Inode);
            }
        }
    }

    /// <summary>Puts the pids in ascending order, as procfs lists them anyway; other filesystems do not.</summary>
    public void Order()
    {
        for (int i = 1; i < Count; i++)
        {
            if (_pids[i] < _pids[i - 1])
            {
                Array.Sort(_pids, _inodes, 0, Count);
                return;
            }
        }
    }

    /// <summary>Adds one pid and the inode number of its directory.</summary>
    public void Add(int pid, ulong inode)
    {
        if (Count == Bound)
        {
            Dropped++;
            return;
        }

        if (Count == _pids.Length)
        {
            Array.Resize(ref _pids, _pids.Length * 2);
            Array.Resize(ref _inodes, _inodes.Length * 2);
        }

        _pids[Count] = pid;
        _inodes[Count++] = inode;
    }
}
