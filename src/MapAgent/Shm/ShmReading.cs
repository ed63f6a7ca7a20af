using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// Shared memory in a pass: who shares which mount namespace, which tmpfs is at /dev/shm in each, what is in it and who uses it.
/// Owned by the pass's thread; only <see cref="Watch"/> is shared with the clock's.
/// </summary>
internal sealed class ShmReading
{
    private const int MostMounts = 1000;

    // Bytes: less than this is no reason for a round.
    private const long Speck = 1 << 20;
    private static readonly byte[] s_default = "/dev/shm"u8.ToArray();

    private readonly ProcReader _reader;
    private readonly TimeProvider _clock;
    private readonly MountFinding _finding;
    private readonly SysvReading _sysv;
    private readonly TmpfsTotal _tmpfs;
    private readonly UseRounds _rounds;
    private readonly Dictionary<ulong, MountNamespace> _spaces = [];
    private readonly Dictionary<ulong, int> _ipc = [];
    private readonly Dictionary<ShmIdentity, ShmMount> _known = [];
    private readonly List<ShmMember> _members = [];
    private SegmentFamilies _families = new([]);
    private byte[][] _paths = [s_default];
    private ShmOptions _options = new();
    private ulong _home;
    private ulong _ownIpc;
    private long _pass;
    private int _unseen;
    private long _round;
    private long _restAtRound;
    private bool _moved;
    private long _truncations;

    /// <summary>Reads through the pass's reader.</summary>
    public ShmReading(ProcReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
        _finding = new MountFinding(reader);
        _sysv = new SysvReading(reader);
        _tmpfs = new TmpfsTotal(reader);
        _rounds = new UseRounds(new ReferenceRound(reader), clock);
    }

    /// <summary>Takes the mounts after each pass; set once, before the first.</summary>
    public PeakWatch? Watch { get; set; }

    /// <summary>CPU nanoseconds of looking for users since the start.</summary>
    public long CpuNanoseconds => _rounds.CpuNanoseconds;

    /// <summary>Puts options in force.</summary>
    public void Configure(ShmOptions options)
    {
        _options = options;
        _families = new SegmentFamilies(options.Families);
        _paths = [s_default, .. options.Paths.Select(Encoding.UTF8.GetBytes)];
        _known.Clear();
        foreach (MountNamespace space in _spaces.Values)
        {
            space.ReadInPass = 0;
        }
    }

    /// <summary>Starts a pass.</summary>
    public void Begin(long pass)
    {
        _pass = pass;
        _home = 0;
        _unseen = 0;
        _members.Clear();
        _ipc.Clear();
        if (_reader.OpenSelf(out ProcessDirectory self) == ReadOutcome.Ok)
        {
            using (self)
            {
                _ = _reader.ReadNamespace(self, ProcFile.MountNamespace, out _home);
                _finding.Own = _home;
                _ = _reader.ReadNamespace(self, ProcFile.IpcNamespace, out _ownIpc);
            }
        }
    }

    /// <summary>Learns the namespaces of a process.</summary>
    public void Learn(ShmMember member, in ProcessDirectory directory)
    {
        _ = _reader.ReadNamespace(directory, ProcFile.IpcNamespace, out ulong ipc);
        if (_reader.ReadNamespace(directory, ProcFile.MountNamespace, out ulong mount) == ReadOutcome.Denied
            && _reader.Read(directory, ProcFile.MountInfo, out ReadOnlySpan<byte> mountinfo) == ReadOutcome.Ok && !mountinfo.IsEmpty)
        {
            mount = MountNamespace.NumberOf(mountinfo);
        }

        member.MountNamespace = mount;
        member.IpcNamespace = ipc;
    }

    /// <summary>Takes a living process of the pass.</summary>
    public void Take(ShmMember member)
    {
        _members.Add(member);
        if (member.MountNamespace == 0)
        {
            _unseen++;
            return;
        }

        if (!_spaces.TryGetValue(member.MountNamespace, out MountNamespace? space))
        {
            _spaces[member.MountNamespace] = space = new MountNamespace(member.MountNamespace);
        }

        space.Take(member.Id.Pid, _pass);
        // The first process of the system is at home on the node, even where the agent runs in a container.
        _home = member.Id.Pid == 1 ? member.MountNamespace : _home;
        if (member.IpcNamespace != 0)
        {
            _ipc.TryAdd(member.IpcNamespace, member.Id.Pid);
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="cpu">CPU nanoseconds that looking for users may take in this pass.</param>
    /// <param name="shmem">Shmem of meminfo, in bytes; null where unknown.</param>
    public ShmValues Close(long cpu, long? shmem)
    {
        Find();
        ShmMount[] mounts = [.. _known.Values];
        Watch?.Watch(mounts);
        List(mounts);
        _rounds.Go(_members, mounts, _options, _moved, cpu);
        _tmpfs.Clear();
        List<ShmMountValues> values = [];
        foreach (ShmMount mount in mounts)
        {
            if (_reader.Ledger.Record(ProcFile.ShmMount, PeakWatch.Look(mount, _reader, out Usage usage)) == ReadOutcome.Ok)
            {
                if ((usage.UsedBytes ?? mount.Listing?.Bytes) is { } used)
                {
                    _tmpfs.Add(mount.Identity.Device, used);
                }

                values.Add(MountValuesOf.Mount(mount, usage, _options, _clock) with { Spaces = [.. mount.Holders], IsHome = mount.Holders.Contains(_home) });
            }
        }

        foreach (MountNamespace space in _spaces.Values)
        {
            _tmpfs.Add(space);
        }

        SysvValues? sysv = _sysv.Read(_ownIpc, _ipc);
        _moved = shmem is { } all && HasMoved(all - _tmpfs.Bytes - (sysv?.ResidentBytes ?? 0), all);
        long? accounted = (_tmpfs.IsWhole ? _tmpfs.Bytes : null) + sysv?.ResidentBytes + _rounds.ObjectBytes
            + (_sysv.MayEnter ? 0 : _rounds.SysvOutside(_ownIpc));
        values.Sort(static (a, b) => string.CompareOrdinal(a.Mount, b.Mount));
        return new ShmValues
        {
            Mounts = values,
            Sysv = sysv,
            UnaccountedBytes = Unaccounted(shmem, accounted),
            Unseen = _unseen,
            Truncations = _truncations,
            CpuSeconds = _rounds.CpuNanoseconds / 1e9,
        };
    }

    // Whether somebody has made or freed a memfd or the like since the last round: what of Shmem is in no mount has changed.
    private bool HasMoved(long rest, long shmem)
    {
        if (_rounds.Finished != _round)
        {
            _round = _rounds.Finished;
            _restAtRound = rest;
        }

        return Math.Abs(rest - _restAtRound) > Math.Max(Speck, shmem / 100);
    }

    // What a closed process maps may be anything, a tmpfs that is counted already too: it is taken as explained, so that what is
    // left is left for sure. When that is much, nothing can be said.
    private long? Unaccounted(long? shmem, long? accounted)
    {
        bool isRead = _spaces.Values.All(static space => space.ReadInPass > 0);
        bool isKnown = isRead && _unseen == 0 && shmem is { } all && accounted is not null && _rounds.HiddenBytes <= all / 4;
        return isKnown ? Math.Max(0, shmem!.Value - accounted!.Value - _rounds.HiddenBytes) : null;
    }

    private void Find()
    {
        foreach (MountNamespace gone in _spaces.Values.Where(space => space.SeenInPass != _pass).ToArray())
        {
            _spaces.Remove(gone.Number);
        }

        foreach (MountNamespace space in _spaces.Values.OrderBy(space => space.Number == _home ? -1 : space.ReadInPass).Take(_options.Namespaces))
        {
            space.ReadInPass = _pass;
            ReadOutcome outcome = _finding.Read(space, _paths, _known);
            space.IsDenied = outcome is not (ReadOutcome.Ok or ReadOutcome.Gone);
        }

        foreach (ShmMount mount in _known.Values)
        {
            mount.Holders.Clear();
        }

        // The node's own namespace names the mounts that it sees; others reach what only they see.
        foreach (MountNamespace space in _spaces.Values.OrderByDescending(space => space.Number == _home).ThenBy(static space => space.Number))
        {
            foreach (ShmMount mount in space.Mounts)
            {
                mount.Holders.Add(space.Number);
                if (mount.SeenInPass != _pass)
                {
                    mount.SeenInPass = _pass;
                    mount.Reach(space.Pids);
                    mount.Label = Label(mount, space);
                }
            }
        }

        foreach (ShmMount mount in _known.Values)
        {
            mount.Spaces.Clear();
            mount.Points.Clear();
            foreach (MountNamespace space in _spaces.Values.Where(space => space.Devices.Contains(mount.Identity.Device)))
            {
                mount.Spaces.Add(space.Number);
                mount.Points.AddRange(space.Tmpfs.Where(point => point.Device == mount.Identity.Device));
            }
        }

        foreach (ShmMount gone in _known.Values.Where(mount => mount.SeenInPass != _pass).ToArray())
        {
            _known.Remove(gone.Identity);
        }

        // What another namespace shows is not lost where this one is closed.
        HashSet<Device> known = [.. _known.Keys.Select(static identity => identity.Device)];
        _unseen += _spaces.Values.Count(space => space.IsDenied
            && _paths.Any(path => space.Tmpfs.FindLast(mount => mount.IsAt(path)) is { } mount && !known.Contains(mount.Device)));

        foreach (ShmMount excess in _known.Values.Skip(MostMounts).ToArray())
        {
            _known.Remove(excess.Identity);
            _truncations++;
        }
    }

    private string Label(ShmMount mount, MountNamespace space)
    {
        string path = Encoding.UTF8.GetString(mount.Path);
        return space.Number == _home ? path
            : _spaces.GetValueOrDefault(_home)?.Tmpfs.Find(point => point.Device == mount.Identity.Device) is { } point ? point.Text
            : $"{path}[{mount.Identity.Device}]";
    }

    private void List(ShmMount[] mounts)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (ShmMount mount in mounts.OrderBy(static mount => mount.ListedAt))
        {
            TimeSpan left = _options.ListTime - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                _truncations++;
                break;
            }

            if (PeakWatch.Open(mount, _reader, out MountHandle handle, out Usage before) != ReadOutcome.Ok)
            {
                continue;
            }

            using (handle)
            {
                mount.Listing ??= new Listing();
                _reader.Ledger.Record(ProcFile.ShmNames, mount.Listing.Read(handle, _families, _options.ListEntries, left));
                bool measured = ShmReader.Measure(handle, out Usage after) == ReadOutcome.Ok;
                mount.ListedAt = _clock.GetTimestamp();
                // What was written while the names were read is explained by neither reading.
                mount.UnlinkedBytes = mount.IsWhole && mount.Listing.IsWhole && measured && before.UsedBytes is { } first && after.UsedBytes is { } second
                    ? Math.Max(0, Math.Min(first, second) - mount.Listing.Bytes)
                    : null;
                _truncations += mount.Listing.IsCut ? 1 : 0;
            }
        }
    }
}
