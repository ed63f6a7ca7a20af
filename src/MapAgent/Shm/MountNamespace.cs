using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>One mount namespace, seen through a few of its processes.</summary>
internal sealed class MountNamespace(ulong number)
{
    private const int Candidates = 4;
    private readonly int[] _pids = new int[Candidates];
    private int _count;

    /// <summary>The number in the link <c>ns/mnt</c>.</summary>
    public ulong Number { get; } = number;

    /// <summary>Number of the pass that last saw a process of it.</summary>
    public long SeenInPass { get; private set; }

    /// <summary>Number of the pass that last read its mounts; 0 for never.</summary>
    public long ReadInPass { get; set; }

    /// <summary>Some of its processes: one may end, or not let itself be read.</summary>
    public ReadOnlySpan<int> Pids => _pids.AsSpan(0, _count);

    /// <summary>The shm mounts found in it.</summary>
    public List<ShmMount> Mounts { get; } = [];

    /// <summary>Every tmpfs mounted in it, the shm mounts included.</summary>
    public List<MountEntry> Tmpfs { get; } = [];

    /// <summary>How far lookups in it may go.</summary>
    public Lookup Lookup { get; set; }

    /// <summary>Every filesystem instance mounted in it.</summary>
    public HashSet<Device> Devices { get; } = [];

    /// <summary>True when none of its processes let the agent look at the asked paths.</summary>
    public bool IsDenied { get; set; }

    /// <summary>
    /// A number for a namespace whose link may not be read: mountinfo is open to everybody, and the mount ids in it are of this
    /// namespace alone.
    /// </summary>
    public static ulong NumberOf(ReadOnlySpan<byte> mountinfo)
    {
        // FNV-1a; the highest bit keeps it apart from the kernel's numbers.
        ulong hash = 14695981039346656037;
        foreach (byte one in mountinfo)
        {
            hash = (hash ^ one) * 1099511628211;
        }

        return hash | (1UL << 63);
    }

    /// <summary>Takes a process of it.</summary>
    public void Take(int pid, long pass)
    {
        _count = SeenInPass == pass ? _count : 0;
        SeenInPass = pass;
        if (_count < Candidates)
        {
            _pids[_count++] = pid;
        }
    }
}
