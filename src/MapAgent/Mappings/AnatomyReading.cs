using System;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// Deep reads: streams <c>smaps</c> of one process after another into sums. The file is never held whole, and nothing is allocated
/// for a mapping. One object for all processes, with memory that is used again; not safe for two threads.
/// </summary>
internal sealed class AnatomyReading(ProcReader reader)
{
    private const int MostLookups = 64;

    private readonly MountTypes _mounts = new(reader);
    private readonly FileTable _files = new();
    private readonly DeviceTable _devices = new();
    private readonly FileNames _names = new();
    private readonly LargestFiles _largest = new(Anatomy.MostFiles);
    private Smaps _smaps;
    private MappingSums _sums;
    private Mapping _current;
    private long _mappings;
    private ulong _end;

    /// <summary>More mappings than this are not read; a process needs a raised vm.max_map_count to have so many.</summary>
    public long MostMappings { get; init; } = 1_048_576;

    /// <summary>How often a bound bit: a process with more mappings, files or filesystems than are taken.</summary>
    public long Truncations { get; private set; }

    /// <summary>Begins a round: what is mounted where is asked again.</summary>
    public void Begin() => _mounts.Clear();

    /// <summary>Reads one process.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="id">Who it was when <c>stat</c> was read through the same directory.</param>
    /// <param name="anatomy">Written when Ok; else it stays as it was.</param>
    /// <returns>
    /// Ok; NoAddressSpace for a zombie or kernel thread; Gone also when it replaced its image more than once meanwhile; Denied;
    /// Malformed when the file was cut; Failed also for more than <see cref="MostMappings"/>.
    /// </returns>
    public ReadOutcome Read(in ProcessDirectory directory, ProcessId id, Anatomy anatomy)
    {
        ReadOutcome outcome = Once(directory, id, out bool isExec);
        if (isExec)
        {
            // In the middle of an exec the file ends early, and looks whole.
            outcome = Once(directory, id, out isExec);
            outcome = isExec && outcome == ReadOutcome.Ok ? ReadOutcome.Gone : outcome;
        }

        if (outcome == ReadOutcome.Ok)
        {
            Write(directory, anatomy);
        }

        return reader.Ledger.Record(ProcFile.Smaps, outcome);
    }

    private ReadOutcome Once(in ProcessDirectory directory, ProcessId id, out bool isExec)
    {
        isExec = false;
        ReadOutcome outcome = Settle(directory, id, out ulong image);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        ReadOutcome read = Stream(directory);
        if (read is not (ReadOutcome.Ok or ReadOutcome.NoAddressSpace or ReadOutcome.Gone))
        {
            return read;
        }

        // Who exits meanwhile makes the read fail with ESRCH, who execs makes it end as if nothing more were mapped.
        outcome = Settle(directory, id, out ulong after);
        isExec = outcome == ReadOutcome.Ok && (after != image || read != ReadOutcome.Ok);
        return outcome == ReadOutcome.Ok ? read : outcome;
    }

    private ReadOutcome Settle(in ProcessDirectory directory, ProcessId id, out ulong image)
    {
        ReadOutcome outcome = reader.ReadStat(directory, out Stat stat);
        image = outcome == ReadOutcome.Ok ? stat.Image : 0;
        return outcome != ReadOutcome.Ok ? outcome
            : stat.StartTicks != id.StartTicks || stat.Pid != id.Pid ? ReadOutcome.Gone
            : stat.HasAddressSpace ? ReadOutcome.Ok : ReadOutcome.NoAddressSpace;
    }

    private ReadOutcome Stream(in ProcessDirectory directory)
    {
        _smaps = default;
        _sums = default;
        _current = default;
        _mappings = 0;
        _end = 0;
        _files.Clear();
        _devices.Clear();
        ReadOutcome outcome = reader.OpenLines(directory, ProcFile.Smaps, out LineStream stream);
        using (stream)
        {
            while (stream.Next(out ReadOnlySpan<byte> lines))
            {
                SmapsPiece piece = new(lines, ref _smaps);
                while (piece.Next(out MapsLine mapping))
                {
                    Close();
                    Open(mapping);
                }

                if (_smaps.Mappings > MostMappings)
                {
                    Truncations++;
                    return ReadOutcome.Failed;
                }
            }

            outcome = outcome == ReadOutcome.Ok ? _smaps.Judge(stream.Outcome) : outcome;
        }

        if (outcome == ReadOutcome.Ok)
        {
            Close();
        }

        return outcome;
    }

    private void Open(in MapsLine mapping)
    {
        MappingShape shape = Classification.Shape(mapping);
        _current = new Mapping
        {
            IsOpen = true,
            Shape = shape,
            IsShared = mapping.IsShared,
            IsExecutable = mapping.IsExecutable,
            Size = (long)Math.Min(mapping.Size, long.MaxValue),
            Device = mapping.Device,
            File = shape is MappingShape.File or MappingShape.ShmFile ? _files.Find(mapping) : -1,
        };
        if (shape != MappingShape.Gate)
        {
            _mappings++;
            _end = Math.Max(_end, mapping.End);
        }
    }

    private void Close()
    {
        if (!_current.IsOpen || _current.Shape == MappingShape.Gate)
        {
            return;
        }

        ref readonly SmapsRollup values = ref _smaps.Values;
        KindBytes bytes = new(
            values[RollupField.Pss] ?? 0, values[RollupField.Rss] ?? 0, _current.Size, values[RollupField.Swap] ?? 0);
        MappingKind kind = Classification.Kind(_current.Shape, _current.IsShared, _current.IsExecutable, _smaps.Flags);
        bool isOnDevice = kind is MappingKind.FilePrivate or MappingKind.FileShared && _devices.Add(_current.Device, _current.IsShared, bytes);
        if (!isOnDevice)
        {
            _sums.Add(kind, bytes);
        }

        if (Classification.IsFile(kind))
        {
            long dirty = KindBytes.Sum(values[RollupField.SharedDirty] ?? 0, values[RollupField.PrivateDirty] ?? 0);
            _files.Add(_current.File, new FileBytes(bytes.Pss, bytes.Rss, dirty), _current.IsExecutable);
        }

        // On memory of devices the kernel sets such flags itself.
        if ((_smaps.Flags & Advices.Any) != 0 && kind is not (MappingKind.Special or MappingKind.Device))
        {
            _sums.AddHints(_smaps.Flags, bytes.Virtual);
        }

        _sums.Total.Add(values);
    }

    private void Write(in ProcessDirectory directory, Anatomy anatomy)
    {
        Truncations += _files.IsFull || _devices.IsFull ? 1 : 0;
        bool isKnown = true;
        foreach (DeviceTable.Entry entry in _devices.Entries)
        {
            isKnown &= _mounts.Knows(entry.Device);
        }

        int deleted = CountDeleted();
        if (!isKnown || deleted > 0)
        {
            // Without it files are judged by their path alone, and the outcome is counted.
            _mounts.Learn(directory);
        }

        AddDevices();
        anatomy.Begin(_sums, _mappings, _end);
        WriteDeleted(directory, anatomy, deleted);
        WriteFiles(anatomy);
    }

    private void AddDevices()
    {
        foreach (DeviceTable.Entry entry in _devices.Entries)
        {
            MountType type = _mounts[entry.Device];
            _sums.Add(type.IsShm ? MappingKind.PosixShm : MappingKind.FilePrivate, entry.Private);
            _sums.Add(type.IsShm ? MappingKind.PosixShm : MappingKind.FileShared, entry.Shared);
            if (type.Remote is { } remote)
            {
                _sums.Add(remote, KindBytes.Sum(entry.Private.Virtual, entry.Shared.Virtual));
            }
        }
    }

    private int CountDeleted()
    {
        int count = 0;
        for (int i = 0; i < _files.Count; i++)
        {
            count += _files[i].IsUsed && DeletedSuffix.Is(_files.Path(i)) ? 1 : 0;
        }

        return count;
    }

    private void WriteDeleted(in ProcessDirectory directory, Anatomy anatomy, int candidates)
    {
        int lookups = 0;
        for (int i = 0; i < _files.Count && candidates > 0; i++)
        {
            ReadOnlySpan<byte> path = _files.Path(i);
            if (!_files[i].IsUsed || !DeletedSuffix.Is(path))
            {
                continue;
            }

            candidates--;
            FileIdentity identity = _files[i].Identity;
            bool mayWait = _mounts[identity.Device].Remote is null && _mounts.IsLocal(path);
            if (++lookups <= MostLookups && DeletedSuffix.IsName(reader, directory, path, identity, mayWait))
            {
                continue;
            }

            _files.MarkDeleted(i);
            // To unlink a segment once it is open is good use of shared memory.
            if (_mounts[identity.Device].IsShm || path.StartsWith("/dev/shm/"u8))
            {
                continue;
            }

            // Beyond the bound nothing is kept, so no name is made either.
            string name = anatomy.DeletedFiles < Anatomy.MostDeleted ? _names.Of(DeletedSuffix.Strip(path)) : "";
            anatomy.Add(new DeletedFile(identity, name, _files[i].IsProgram));
        }

        Truncations += lookups > MostLookups ? 1 : 0;
    }

    private void WriteFiles(Anatomy anatomy)
    {
        FileBytes others = _files.Rest;
        long count = 0;
        for (int i = 0; i < _files.Count; i++)
        {
            if (_files[i].IsUsed)
            {
                count++;
                others = others.Plus(_files[i].Bytes);
            }
        }

        foreach (int index in _largest.Pick(_files))
        {
            ref readonly FileTable.Entry file = ref _files[index];
            ReadOnlySpan<byte> path = _files.Path(index);
            anatomy.Add(new MappedFile(_names.Of(file.IsDeleted ? DeletedSuffix.Strip(path) : path), file.Bytes, file.IsDeleted, file.Identity));
            others = others.Minus(file.Bytes);
        }

        anatomy.TakeOthers(count, others);
    }

    // What is known of a mapping between its first line and its last.
    private struct Mapping
    {
        public bool IsOpen;
        public MappingShape Shape;
        public bool IsShared;
        public bool IsExecutable;
        public long Size;
        public Device Device;
        public int File;
    }
}
