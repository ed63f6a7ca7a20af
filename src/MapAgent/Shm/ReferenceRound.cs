using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// One round over all processes for who maps or holds what: <c>maps</c> and <c>fd</c> of each. It is spread over passes, so that
/// none takes long; a process that came meanwhile is looked into too.
/// </summary>
internal sealed class ReferenceRound(ProcReader reader)
{
    private const int MostUsers = 8;
    private const int MostDescriptors = 65_536;

    // memfd, shared anonymous memory and System V live on the mount the kernel makes first (mm/shmem.c, shmem_init).
    private static readonly Device s_internal = new(0, 1);

    private readonly Dictionary<Device, Dictionary<ulong, List<int>>> _users = [];
    private readonly List<MountEntry> _points = [];
    private readonly HashSet<ulong> _opaque = [];
    private readonly Dictionary<(ulong IpcNamespace, ulong Inode), long> _sysv = [];
    private readonly byte[] _facts = new byte[FileFacts.Size];
    private readonly byte[] _entries = new byte[16 * 1024];
    private readonly byte[] _link = new byte[4096];
    private ulong _ipcNamespace;

    /// <summary>The memory files without a mount.</summary>
    public MemoryObjects Objects { get; } = new();

    /// <summary>Mount namespaces with a process that could not be looked into; 0 stands for unknown ones.</summary>
    public IReadOnlySet<ulong> Opaque => _opaque;

    /// <summary>Resident shared memory of processes that could not be looked into.</summary>
    public long HiddenBytes { get; private set; }

    /// <summary>Begins anew.</summary>
    /// <param name="mounts">The mounts whose segments are asked for.</param>
    public void Begin(IEnumerable<ShmMount> mounts)
    {
        Objects.Clear();
        _sysv.Clear();
        HiddenBytes = 0;
        _opaque.Clear();
        _users.Clear();
        _points.Clear();
        foreach (ShmMount mount in mounts)
        {
            _users[mount.Identity.Device] = [];
            foreach (MountEntry point in mount.Points)
            {
                if (!_points.Exists(other => other.IsAt(point.Point)))
                {
                    _points.Add(point);
                }
            }
        }
    }

    /// <summary>Pids by inode for one mount; null when it was not there when the round began.</summary>
    public Dictionary<ulong, List<int>>? Users(Device device) => _users.GetValueOrDefault(device);

    /// <summary>Bytes of address space that map System V segments, each segment once, by IPC namespace; 0 for unknown ones.</summary>
    public Dictionary<ulong, long> SysvBytes() =>
        _sysv.GroupBy(static segment => segment.Key.IpcNamespace).ToDictionary(static space => space.Key, static space => space.Sum(static segment => segment.Value));

    /// <summary>Looks into one process.</summary>
    public void Look(ShmMember member)
    {
        _ipcNamespace = member.IpcNamespace;
        if (reader.Open(member.Id.Pid, out ProcessDirectory directory) != ReadOutcome.Ok)
        {
            return;
        }

        using (directory)
        {
            ReadOutcome maps = LookAtMaps(directory);
            ReadOutcome descriptors = LookAtDescriptors(directory);
            bool isOpen = maps is ReadOutcome.Ok or ReadOutcome.Gone && descriptors is ReadOutcome.Ok or ReadOutcome.Gone;
            if (!isOpen)
            {
                _opaque.Add(member.MountNamespace);
                // Everybody may read how much shared memory it maps, if not which.
                HiddenBytes += reader.ReadStatus(directory, out Status status) == ReadOutcome.Ok ? status.RssShmem ?? 0 : 1;
            }
        }
    }

    private ReadOutcome LookAtMaps(in ProcessDirectory directory)
    {
        ReadOutcome outcome = reader.OpenLines(directory, ProcFile.Maps, out LineStream stream);
        using (stream)
        {
            int sizes = -1;
            while (outcome == ReadOutcome.Ok && stream.Next(out ReadOnlySpan<byte> lines))
            {
                foreach (ReadOnlySpan<byte> line in new Lines(lines))
                {
                    if (MapsLine.TryParse(line, out MapsLine mapping))
                    {
                        Take(directory, mapping, ref sizes);
                    }
                }
            }

            if (sizes >= 0)
            {
                ShmReader.Close(sizes);
            }

            return reader.Ledger.Record(ProcFile.Maps, outcome == ReadOutcome.Ok ? stream.Outcome : outcome);
        }
    }

    private void Take(in ProcessDirectory directory, in MapsLine mapping, ref int sizes)
    {
        if (mapping.Inode == 0)
        {
            return;
        }

        if (_users.TryGetValue(mapping.Device, out Dictionary<ulong, List<int>>? users))
        {
            Add(users, mapping.Inode, directory.Pid);
        }
        else if (mapping.Device == s_internal && mapping.Path.StartsWith("/SYSV"u8))
        {
            (ulong, ulong) segment = (_ipcNamespace, mapping.Inode);
            _sysv[segment] = Math.Max(_sysv.GetValueOrDefault(segment), (long)(mapping.End - mapping.Start));
        }
        else if (mapping.Device == s_internal && !Objects.Knows(mapping.Inode))
        {
            Objects.See(mapping.Inode);
            if (sizes < 0 && ShmReader.OpenLinks(directory, "map_files"u8, out sizes) != ReadOutcome.Ok)
            {
                return;
            }

            Span<byte> name = stackalloc byte[40];
            Utf8Formatter.TryFormat(mapping.Start, name, out int first, 'x');
            name[first] = (byte)'-';
            Utf8Formatter.TryFormat(mapping.End, name[(first + 1)..], out int second, 'x');
            name[first + 1 + second] = 0;
            // Wants CAP_CHECKPOINT_RESTORE; where it is refused a descriptor of the same object may still tell.
            Size(sizes, name[..(first + 1 + second)]);
        }
    }

    private ReadOutcome LookAtDescriptors(in ProcessDirectory directory)
    {
        ReadOutcome outcome = ShmReader.OpenLinks(directory, "fd"u8, out int links);
        if (outcome != ReadOutcome.Ok)
        {
            return reader.Ledger.Record(ProcFile.Descriptors, outcome);
        }

        int left = MostDescriptors;
        int size;
        while (left > 0 && (size = ShmReader.Entries(links, _entries)) > 0)
        {
            DirectoryEntries entries = new(_entries.AsSpan(0, size));
            while (entries.MoveNext() && left-- > 0)
            {
                Take(links, entries.Current, directory.Pid);
            }
        }

        ShmReader.Close(links);
        return reader.Ledger.Record(ProcFile.Descriptors, left > 0 ? ReadOutcome.Ok : ReadOutcome.Failed);
    }

    private void Take(int links, ReadOnlySpan<byte> name, int pid)
    {
        ReadOnlySpan<byte> target = _link.AsSpan(0, ShmReader.ReadLink(links, name, _link));
        if (target.StartsWith("/memfd:"u8) || target.SequenceEqual("/dev/zero (deleted)"u8))
        {
            Size(links, name);
        }
        else if (MayBeSegment(target) && ShmReader.Follow(links, name, _facts) == ReadOutcome.Ok)
        {
            FileFacts facts = new(_facts);
            if (_users.TryGetValue(facts.Device, out Dictionary<ulong, List<int>>? users))
            {
                Add(users, facts.Inode, pid);
            }
        }
    }

    // The link's text is the path in the holder's own namespace, so it starts where the mount is found there. Anything else is
    // not followed: it may lead to a server that does not answer.
    private bool MayBeSegment(ReadOnlySpan<byte> target)
    {
        foreach (MountEntry point in _points)
        {
            if (point.Covers(target))
            {
                return true;
            }
        }

        return false;
    }

    private void Size(int links, ReadOnlySpan<byte> name)
    {
        if (ShmReader.Follow(links, name, _facts) == ReadOutcome.Ok)
        {
            FileFacts facts = new(_facts);
            if (facts.Device == s_internal)
            {
                Objects.Take(facts.Inode, facts.AllocatedBytes);
            }
        }
    }

    private static void Add(Dictionary<ulong, List<int>> users, ulong inode, int pid)
    {
        if (!users.TryGetValue(inode, out List<int>? pids))
        {
            users[inode] = pids = [];
        }

        if (pids.Count < MostUsers && !pids.Contains(pid))
        {
            pids.Add(pid);
        }
    }
}
