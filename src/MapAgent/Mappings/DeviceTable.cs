using System;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// Sums by filesystem instance: what kind a file is of, and whether it is remote, is known only when the mounts of the process are
/// looked at, and that is after its smaps.
/// </summary>
internal sealed class DeviceTable
{
    /// <summary>The most instances of one process; files of further ones are judged by their path alone.</summary>
    public const int Bound = 256;

    private readonly Entry[] _entries = new Entry[Bound];
    private int _last;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>True when one did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The instances.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>Begins with another process.</summary>
    public void Clear()
    {
        Count = 0;
        IsFull = false;
        _last = 0;
    }

    /// <summary>Adds a mapping.</summary>
    /// <returns>False when there is no room for its instance.</returns>
    public bool Add(Device device, bool isShared, in KindBytes bytes)
    {
        if (_last >= Count || _entries[_last].Device != device)
        {
            _last = 0;
            while (_last < Count && _entries[_last].Device != device)
            {
                _last++;
            }
        }

        if (_last == Bound)
        {
            IsFull = true;
            return false;
        }

        if (_last == Count)
        {
            _entries[Count++] = new Entry { Device = device };
        }

        ref Entry entry = ref _entries[_last];
        entry.Private = isShared ? entry.Private : entry.Private.Plus(bytes);
        entry.Shared = isShared ? entry.Shared.Plus(bytes) : entry.Shared;
        return true;
    }

    /// <summary>One instance.</summary>
    internal struct Entry
    {
        /// <summary>Which one.</summary>
        public Device Device;

        /// <summary>Its private mappings.</summary>
        public KindBytes Private;

        /// <summary>Its shared mappings.</summary>
        public KindBytes Shared;
    }
}
