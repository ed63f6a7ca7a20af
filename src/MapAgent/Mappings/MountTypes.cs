using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>What a filesystem instance is.</summary>
/// <param name="Remote">Its type when it is remote.</param>
/// <param name="IsShm">A tmpfs that is mounted at /dev/shm.</param>
internal readonly record struct MountType(RemoteType? Remote, bool IsShm);

/// <summary>
/// Filesystem instances by device, learnt from the mountinfo of those processes that map something unknown: most processes map
/// files of the same few instances.
/// </summary>
internal sealed class MountTypes(ProcReader reader)
{
    private const int Bound = 16_384;
    private const int MostRemotePoints = 256;
    private readonly Dictionary<Device, MountType> _types = [];
    private readonly List<byte[]> _remotePoints = [];
    private bool _isLearnt;

    /// <summary>Forgets everything. Device numbers are used again, so this is due before each round.</summary>
    public void Clear() => _types.Clear();

    /// <summary>True when it is known what the device is.</summary>
    public bool Knows(Device device) => _types.ContainsKey(device);

    /// <summary>What the device is; neither remote nor shared memory when no mount of it was seen.</summary>
    public MountType this[Device device] => _types.GetValueOrDefault(device);

    /// <summary>Reads what is mounted in the namespace of a process.</summary>
    /// <returns>How it ended. What was learnt before stands.</returns>
    public ReadOutcome Learn(in ProcessDirectory directory)
    {
        _remotePoints.Clear();
        ReadOutcome outcome = reader.Read(directory, ProcFile.MountInfo, out ReadOnlySpan<byte> text);
        if (outcome == ReadOutcome.Ok)
        {
            foreach (ReadOnlySpan<byte> line in new Lines(text))
            {
                outcome = Take(line) ? outcome : ReadOutcome.Malformed;
            }
        }

        _isLearnt = outcome == ReadOutcome.Ok;
        return reader.Ledger.Record(ProcFile.MountInfo, outcome);
    }

    /// <summary>Whether looking a path up in the namespace that was learnt last asks no remote filesystem.</summary>
    public bool IsLocal(ReadOnlySpan<byte> path)
    {
        foreach (byte[] point in _remotePoints)
        {
            if (point.Length == 1 || (path.StartsWith(point) && (path.Length == point.Length || path[point.Length] == '/')))
            {
                return false;
            }
        }

        return _isLearnt && _remotePoints.Count < MostRemotePoints;
    }

    private bool Take(ReadOnlySpan<byte> line)
    {
        if (!MountLine.TryParse(line, out MountLine mount))
        {
            return false;
        }

        RemoteType? remote = RemoteTypes.Of(mount.Type);
        // What autofs mounts at the first look may be anything.
        if ((remote is not null || mount.Type.SequenceEqual("autofs"u8)) && _remotePoints.Count < MostRemotePoints)
        {
            _remotePoints.Add(MountLine.Unescape(mount.Point));
        }

        // Where /dev/shm is a link to it, files have paths below /run/shm.
        bool isShm = mount.Type.SequenceEqual("tmpfs"u8) && (mount.Point.SequenceEqual("/dev/shm"u8) || mount.Point.SequenceEqual("/run/shm"u8));
        if (_types.Count < Bound || _types.ContainsKey(mount.Device))
        {
            _types[mount.Device] = new MountType(remote, isShm || _types.GetValueOrDefault(mount.Device).IsShm);
        }

        return true;
    }
}
