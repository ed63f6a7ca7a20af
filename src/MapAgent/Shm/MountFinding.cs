using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// Finds the tmpfs instances of one mount namespace: those at the asked paths, as they are seen from inside, and all others by
/// their device.
/// </summary>
internal sealed class MountFinding(ProcReader reader)
{
    // Lookups on these may wait for somebody else, who may be hostile or dead.
    private static readonly string[] s_remote =
        ["fuse", "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs", "coda", "glusterfs", "lustre", "gfs2", "ocfs2", "orangefs", "autofs"];

    private readonly List<MountEntry> _mounts = [];

    /// <summary>Number of the agent's own mount namespace; 0 where unknown.</summary>
    public ulong Own { get; set; }

    /// <summary>Reads a namespace through the first of its processes that lets itself be read.</summary>
    /// <param name="space">Takes what is mounted, and the shm mounts.</param>
    /// <param name="paths">Where shm mounts are looked for.</param>
    /// <param name="known">Mounts that other namespaces share, by identity; new ones are added.</param>
    /// <returns>Ok; else the worst outcome over its processes.</returns>
    public ReadOutcome Read(MountNamespace space, IReadOnlyList<byte[]> paths, Dictionary<ShmIdentity, ShmMount> known)
    {
        ReadOutcome outcome = ReadOutcome.Gone;
        foreach (int pid in space.Pids)
        {
            ReadOutcome opened = reader.Open(pid, out ProcessDirectory directory);
            if (opened != ReadOutcome.Ok)
            {
                continue;
            }

            using (directory)
            {
                // It may have moved to another namespace since it was asked; what it sees now is not this one's.
                if (reader.ReadNamespace(directory, ProcFile.MountNamespace, out ulong number) == ReadOutcome.Ok && number != space.Number)
                {
                    continue;
                }

                ReadOutcome seen = Read(directory, space, paths, known);
                if (seen == ReadOutcome.Ok)
                {
                    return ReadOutcome.Ok;
                }

                outcome = seen == ReadOutcome.Gone ? outcome : seen;
            }
        }

        return outcome;
    }

    // A link may lead to any mount, so one that waits for somebody else is enough. In the agent's own namespace nobody with fewer
    // rights can mount; in any other a mount may have come since mountinfo was read.
    private Lookup LookupIn(MountNamespace space)
    {
        bool remote = _mounts.Exists(static mount =>
            Array.Exists(s_remote, type => mount.Type == type || mount.Type.StartsWith(type + ".", StringComparison.Ordinal)));
        return remote ? Lookup.AtHand : space.Number == Own ? Lookup.Local : Lookup.AtHandWhereKnown;
    }

    private ReadOutcome Read(in ProcessDirectory directory, MountNamespace space, IReadOnlyList<byte[]> paths, Dictionary<ShmIdentity, ShmMount> known)
    {
        ReadOutcome outcome = reader.ReadMountInfo(directory, _mounts);
        if (_mounts.Count == 0)
        {
            return outcome == ReadOutcome.Ok ? ReadOutcome.Gone : outcome;
        }

        space.Mounts.Clear();
        space.Tmpfs.Clear();
        space.Devices.Clear();
        space.Lookup = LookupIn(space);
        foreach (MountEntry mount in _mounts)
        {
            space.Devices.Add(mount.Device);
            if (mount.Type is "tmpfs" or "devtmpfs")
            {
                space.Tmpfs.Add(mount);
            }
        }

        foreach (byte[] path in paths)
        {
            ReadOutcome found = Find(directory, space, path, known);
            if (found == ReadOutcome.Denied)
            {
                return found;
            }
        }

        return ReadOutcome.Ok;
    }

    private ReadOutcome Find(in ProcessDirectory directory, MountNamespace space, byte[] path, Dictionary<ShmIdentity, ShmMount> known)
    {
        ReadOutcome outcome = ShmReader.Open(directory, path, space.Lookup, out MountHandle handle);
        if (outcome != ReadOutcome.Ok)
        {
            // That there is no such path is no failure.
            return outcome == ReadOutcome.Gone ? outcome : reader.Ledger.Record(ProcFile.ShmMount, outcome);
        }

        using (handle)
        {
            if (Entry(handle) is not { Type: "tmpfs" } entry)
            {
                return ReadOutcome.Gone;
            }

            outcome = reader.Ledger.Record(ProcFile.ShmMount, ShmReader.Measure(handle, out Usage usage));
            if (outcome == ReadOutcome.Ok)
            {
                ShmIdentity identity = new(handle.Device, usage.InstanceId);
                bool isWhole = entry.Root.AsSpan().SequenceEqual("/"u8) && (handle.IsMountRoot ?? entry.IsAt(path));
                if (!known.TryGetValue(identity, out ShmMount? mount))
                {
                    known[identity] = mount = new ShmMount(identity, path, isWhole, space.Lookup);
                }

                space.Mounts.Add(mount);
            }

            return outcome;
        }
    }

    private MountEntry? Entry(in MountHandle handle)
    {
        MountEntry? byDevice = null;
        foreach (MountEntry mount in _mounts)
        {
            if (mount.Device == handle.Device)
            {
                if (handle.MountId == 0 || (ulong)mount.Id == handle.MountId)
                {
                    return mount;
                }

                byDevice = mount;
            }
        }

        return byDevice;
    }
}
