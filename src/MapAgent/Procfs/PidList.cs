using System;
using System.Buffers.Text;
using System.Runtime.InteropServices;

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

    /// <summary>Takes the names that are numbers from the records that getdents64(2) wrote.</summary>
    /// <param name="records">Records of ino (8), off (8), reclen (2), type (1) and a NUL-ended name.</param>
    public void TakeEntries(ReadOnlySpan<byte> records)
    {
        while (records.Length > 19)
        {
            int length = MemoryMarshal.Read<ushort>(records[16..]);
            ReadOnlySpan<byte> name = records[19..length];
            name = name[..Math.Max(0, name.IndexOf((byte)0))];
            if (Utf8Parser.TryParse(name, out int pid, out int used) && used == name.Length && pid > 0 && name[0] != '0' && name[0] != '+')
            {
                Add(pid);
            }

            records = records[length..];
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
