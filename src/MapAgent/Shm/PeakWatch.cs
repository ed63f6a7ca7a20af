using System.Collections.Generic;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// Looks at the use of every mount between passes, so that what fills and empties again between two of them is seen. Runs on the
/// clock's thread with a reader of its own, and keeps nothing open inside a mount.
/// </summary>
internal sealed class PeakWatch(ProcReader reader)
{
    private ShmMount[] _mounts = [];
    private long _failures;

    /// <summary>Mounts that could not be looked at since the start.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Replaces what is looked at.</summary>
    public void Watch(IReadOnlyCollection<ShmMount> mounts)
    {
        ShmMount[] watched = _mounts;
        bool same = watched.Length == mounts.Count;
        int i = 0;
        foreach (ShmMount mount in mounts)
        {
            same &= i < watched.Length && ReferenceEquals(watched[i], mount);
            i++;
        }

        if (!same)
        {
            Volatile.Write(ref _mounts, [.. mounts]);
        }
    }

    /// <summary>Looks at each mount once.</summary>
    public void Tick()
    {
        foreach (ShmMount mount in Volatile.Read(ref _mounts))
        {
            if (Look(mount, reader, out Usage usage) != ReadOutcome.Ok)
            {
                Interlocked.Increment(ref _failures);
            }
            else if (usage.UsedBytes is { } used)
            {
                mount.Observe(used);
            }
        }
    }

    /// <summary>Measures a mount through the first of its processes that still leads to it.</summary>
    public static ReadOutcome Look(ShmMount mount, ProcReader reader, out Usage usage)
    {
        ReadOutcome outcome = Open(mount, reader, out MountHandle handle, out usage);
        if (outcome == ReadOutcome.Ok)
        {
            handle.Dispose();
        }

        return outcome;
    }

    /// <summary>Opens and measures a mount; the handle is to be disposed when Ok.</summary>
    public static ReadOutcome Open(ShmMount mount, ProcReader reader, out MountHandle handle, out Usage usage)
    {
        handle = default;
        usage = default;
        foreach (int pid in mount.Pids)
        {
            if (reader.Open(pid, out ProcessDirectory directory) != ReadOutcome.Ok)
            {
                continue;
            }

            using (directory)
            {
                // A pid or a mount may be another's by now: only the instance itself counts, and nothing else is asked.
                if (ShmReader.Open(directory, mount.Path, mount.Lookup, out handle) != ReadOutcome.Ok)
                {
                    continue;
                }

                if (handle.Device == mount.Identity.Device && ShmReader.Measure(handle, out usage) == ReadOutcome.Ok
                    && usage.InstanceId == mount.Identity.InstanceId)
                {
                    return ReadOutcome.Ok;
                }

                handle.Dispose();
            }
        }

        return ReadOutcome.Gone;
    }
}
