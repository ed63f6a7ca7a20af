using System;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// The files of the process that is being read. Used again for the next process, so that a file costs memory once and a mapping
/// none. A file is known by device, inode and path together: on btrfs two subvolumes give different files the same numbers.
/// </summary>
internal sealed class FileTable
{
    /// <summary>The most files of one process; the bytes of further ones count as those of other files.</summary>
    public const int MostFiles = 16_384;

    /// <summary>The most bytes of their paths together.</summary>
    public const int MostPathBytes = 2 * 1024 * 1024;

    private Entry[] _entries = new Entry[64];
    private int[] _buckets = new int[128];
    private byte[] _paths = new byte[4096];
    private int _pathLength;
    private int _last;

    /// <summary>How many files there are.</summary>
    public int Count { get; private set; }

    /// <summary>True when a file did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What the files that did not fit take.</summary>
    public FileBytes Rest { get; private set; }

    /// <summary>One file, by its number.</summary>
    public ref readonly Entry this[int index] => ref _entries[index];

    /// <summary>The path of a file as the kernel wrote it.</summary>
    public ReadOnlySpan<byte> Path(int index) => _paths.AsSpan(_entries[index].PathStart, _entries[index].PathLength);

    /// <summary>Begins with another process.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        _pathLength = 0;
        _last = -1;
        Count = 0;
        IsFull = false;
        Rest = default;
    }

    /// <summary>The number of the file that a mapping is of; -1 when there is no room for it.</summary>
    public int Find(in MapsLine mapping)
    {
        FileIdentity identity = new(mapping.Device, mapping.Inode);
        // The parts of a library follow one another.
        if (_last >= 0 && Is(_last, identity, mapping.Path))
        {
            return _last;
        }

        int bucket = Bucket(identity);
        while (_buckets[bucket] != 0 && !Is(_buckets[bucket] - 1, identity, mapping.Path))
        {
            bucket = (bucket + 1) & (_buckets.Length - 1);
        }

        if (_buckets[bucket] == 0)
        {
            if (Count == MostFiles || _pathLength + mapping.Path.Length > MostPathBytes)
            {
                IsFull = true;
                return -1;
            }

            Take(identity, mapping.Path);
            _buckets[bucket] = Count;
            _last = Count - 1;
            Grow();
            return _last;
        }

        _last = _buckets[bucket] - 1;
        return _last;
    }

    /// <summary>Adds what a mapping of a file takes.</summary>
    /// <param name="index">Its number, or -1.</param>
    /// <param name="bytes">What the mapping takes.</param>
    /// <param name="isExecutable">Whether it may be executed.</param>
    public void Add(int index, in FileBytes bytes, bool isExecutable)
    {
        if (index < 0)
        {
            Rest = Rest.Plus(bytes);
            return;
        }

        ref Entry entry = ref _entries[index];
        entry.Bytes = entry.Bytes.Plus(bytes);
        entry.IsProgram |= isExecutable;
        entry.IsUsed = true;
    }

    /// <summary>Notes that a file is no longer on disk under its name.</summary>
    public void MarkDeleted(int index) => _entries[index].IsDeleted = true;

    private bool Is(int index, FileIdentity identity, ReadOnlySpan<byte> path) =>
        _entries[index].Identity == identity && Path(index).SequenceEqual(path);

    // Seeded anew in each run: a filesystem may choose its inode numbers so that they collide.
    private int Bucket(FileIdentity identity) =>
        HashCode.Combine(identity.Device.Major, identity.Device.Minor, identity.Inode) & (_buckets.Length - 1);

    private void Take(FileIdentity identity, ReadOnlySpan<byte> path)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        while (_paths.Length - _pathLength < path.Length)
        {
            Array.Resize(ref _paths, _paths.Length * 2);
        }

        path.CopyTo(_paths.AsSpan(_pathLength));
        _entries[Count++] = new Entry { Identity = identity, PathStart = _pathLength, PathLength = path.Length };
        _pathLength += path.Length;
    }

    // At most half of the buckets are taken, so that a search is short.
    private void Grow()
    {
        if (Count * 2 <= _buckets.Length)
        {
            return;
        }

        _buckets = new int[_buckets.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            int bucket = Bucket(_entries[i].Identity);
            while (_buckets[bucket] != 0)
            {
                bucket = (bucket + 1) & (_buckets.Length - 1);
            }

            _buckets[bucket] = i + 1;
        }
    }

    /// <summary>One file.</summary>
    internal struct Entry
    {
        /// <summary>Which file.</summary>
        public FileIdentity Identity;

        /// <summary>What its mappings take together.</summary>
        public FileBytes Bytes;

        /// <summary>Where its path begins.</summary>
        public int PathStart;

        /// <summary>How long its path is.</summary>
        public int PathLength;

        /// <summary>True when a mapping may be executed.</summary>
        public bool IsProgram;

        /// <summary>False when what looked like a file was of another kind, such as hugetlb.</summary>
        public bool IsUsed;

        /// <summary>True when it is no longer on disk under its name.</summary>
        public bool IsDeleted;
    }
}
