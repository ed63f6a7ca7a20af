using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>What all tmpfs instances of the node use, also those that are no shm mounts: they are part of Shmem too.</summary>
internal sealed class TmpfsTotal(ProcReader reader)
{
    private readonly HashSet<Device> _counted = [];
    private readonly HashSet<Device> _closed = [];
    private readonly HashSet<Device> _covered = [];

    /// <summary>Begins a sum.</summary>
    public void Clear()
    {
        _counted.Clear();
        _closed.Clear();
        _covered.Clear();
        Bytes = 0;
    }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// True unless an instance lies in closed namespaces alone, or does not say what it uses. One that lies below another mount
    /// nobody can reach.
    /// </summary>
    public bool IsWhole
    {
        get
        {
            _closed.ExceptWith(_counted);
            _closed.ExceptWith(_covered);
            return _closed.Count == 0;
        }
    }

    /// <summary>Takes an instance that was measured elsewhere.</summary>
    public void Add(Device device, long bytes)
    {
        if (_counted.Add(device))
        {
            Bytes += bytes;
        }
    }

    /// <summary>Measures what else is mounted in a namespace.</summary>
    public void Add(MountNamespace space)
    {
        foreach (MountEntry mount in space.Tmpfs)
        {
            if (!_counted.Contains(mount.Device))
            {
                Measure(space, mount);
            }
        }
    }

    // One without a limit does not say what it uses.
    private void Take(Device device, long? bytes)
    {
        if (bytes is { } known)
        {
            Add(device, known);
        }
        else
        {
            _closed.Add(device);
        }
    }

    private void Measure(MountNamespace space, MountEntry mount)
    {
        foreach (int pid in space.Pids)
        {
            if (reader.Open(pid, out ProcessDirectory directory) != ReadOutcome.Ok)
            {
                continue;
            }

            using (directory)
            {
                ReadOutcome outcome = ShmReader.Open(directory, mount.Point, space.Lookup, out MountHandle handle);
                if (outcome == ReadOutcome.Denied)
                {
                    _closed.Add(mount.Device);
                }

                if (outcome != ReadOutcome.Ok)
                {
                    continue;
                }

                using (handle)
                {
                    if (handle.Device != mount.Device)
                    {
                        _covered.Add(mount.Device);
                    }
                    else if (ShmReader.Measure(handle, out Usage usage) == ReadOutcome.Ok)
                    {
                        Take(mount.Device, usage.UsedBytes);
                    }

                    return;
                }
            }
        }
    }
}
