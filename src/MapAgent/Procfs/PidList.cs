using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>Pids in a list that keeps its room from pass to pass.</summary>
internal sealed class PidList
{
    /// <summary>The most pids taken in one pass; what is beyond is counted in <see cref="Dropped"/>.</summary>
    public const int Bound = 131_072;

    private int[] _pids = new int[1024];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many did not fit the bound since the last <see cref="Clear"/>.</summary>
    public int Dropped { get; private set; }

    /// <summary>The pids.</summary>
    public ReadOnlySpan<int> Pids => _pids.AsSpan(0, Count);

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
        foreach (ReadOnlySpan<byte> name in new DirectoryEntries(records))
        {
            if (name[0] is >= (byte)'1' and <= (byte)'9' && Utf8Parser.TryParse(name, out int pid, out int used) && used == name.Length)
            {
                Add(pid);
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
                Array.Sort(_pids, 0, Count);
                return;
            }
        }
    }

    /// <summary>Adds one pid.</summary>
    public void Add(int pid)
    {
        if (Count == Bound)
        {
            Dropped++;
            return;
        }

        if (Count == _pids.Length)
        {
            Array.Resize(ref _pids, _pids.Length * 2);
        }

        _pids[Count++] = pid;
    }
}
