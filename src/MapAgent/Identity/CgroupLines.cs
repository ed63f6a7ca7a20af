using System;
using MapAgent.Procfs;

namespace MapAgent.Identity;

/// <summary>
/// The lines of a file <c>cgroup</c> that count. Under v1 and in the hybrid layout the hierarchies may differ: containers are in
/// that of the memory controller, units in systemd's own or in v2.
/// </summary>
internal ref struct CgroupLines
{
    private int _containerRank;
    private int _unitRank;
    private bool _isKnown;
    private bool _isOdd;
    private bool _hasMemory;
    private ReadOnlySpan<byte> _memoryPath;
    private ReadOnlySpan<byte> _unifiedPath;

    /// <summary>
    /// Where the innermost container is in the hierarchy that accounts for memory: that of the memory controller of v1, else v2's.
    /// </summary>
    public readonly ReadOnlySpan<byte> MemoryPath => _hasMemory ? _memoryPath : _unifiedPath;

    /// <summary>Who says which container and pod.</summary>
    public CgroupPath Container { get; private set; }

    /// <summary>Who says which unit.</summary>
    public CgroupPath Unit { get; private set; }

    /// <summary>False when some path is more than the root and slices, and none was recognised.</summary>
    public readonly bool IsKnownForm => _isKnown || !_isOdd;

    /// <summary>Reads a file of any bytes.</summary>
    public static CgroupLines Parse(ReadOnlySpan<byte> text)
    {
        CgroupLines found = new() { _containerRank = int.MaxValue, _unitRank = int.MaxValue };
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second >= 0)
            {
                found.Take(line.Slice(first + 1, second), CgroupPath.Parse(line[(first + second + 2)..]));
            }
        }

        return found;
    }

    // The order of preference; an id counts more than a pod alone.
    private void Take(ReadOnlySpan<byte> controllers, CgroupPath path)
    {
        bool isMemory = IsAmong(controllers, "memory"u8);
        _hasMemory |= isMemory;
        _memoryPath = isMemory ? path.ContainerPath : _memoryPath;
        _unifiedPath = controllers.IsEmpty ? path.ContainerPath : _unifiedPath;
        bool isSystemd = controllers.SequenceEqual("name=systemd"u8);
        int container = (path.ContainerId.IsEmpty ? 4 : 0) + (isMemory ? 0 : controllers.IsEmpty ? 1 : isSystemd ? 2 : 3);
        if ((!path.ContainerId.IsEmpty || !path.PodUid.IsEmpty) && container < _containerRank)
        {
            _containerRank = container;
            Container = path;
        }

        int unit = controllers.IsEmpty ? 0 : isSystemd ? 1 : isMemory ? 2 : 3;
        if (!path.Unit.IsEmpty && unit < _unitRank)
        {
            _unitRank = unit;
            Unit = path;
        }

        _isKnown |= !path.Unit.IsEmpty || !path.ContainerId.IsEmpty || !path.PodUid.IsEmpty;
        _isOdd |= !path.IsKnownForm;
    }

    private static bool IsAmong(ReadOnlySpan<byte> controllers, ReadOnlySpan<byte> name)
    {
        foreach (Range range in controllers.Split((byte)','))
        {
            if (controllers[range].SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
