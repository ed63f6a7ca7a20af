using System;

namespace MapAgent.Identity;

/// <summary>
/// What one cgroup path says, as parts of it: <c>/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/cri-containerd-ID.scope</c>.
/// Paths may be cut at the front where the agent lives in a cgroup namespace of its own (<c>/../..</c>), and may be nested.
/// </summary>
internal ref struct CgroupPath
{
    private bool _isOdd;

    // Behind a container's component, until a unit follows.
    private bool _isInside;

    /// <summary>The systemd unit; inside a container that runs a systemd of its own, that one's.</summary>
    public ReadOnlySpan<byte> Unit { get; private set; }

    /// <summary>The unit of a user's own systemd.</summary>
    public ReadOnlySpan<byte> UserUnit { get; private set; }

    /// <summary>The innermost container.</summary>
    public ReadOnlySpan<byte> ContainerId { get; private set; }

    /// <summary>The path up to and with the innermost container's component.</summary>
    public ReadOnlySpan<byte> ContainerPath { get; private set; }

    /// <summary>What stands before the id.</summary>
    public ReadOnlySpan<byte> Runtime { get; private set; }

    /// <summary>The innermost pod, parted as the path has it.</summary>
    public ReadOnlySpan<byte> PodUid { get; private set; }

    /// <summary>The class of the pod.</summary>
    public QosClass Qos { get; private set; }

    /// <summary>False when nothing was recognised in a path that is more than the root and slices.</summary>
    public readonly bool IsKnownForm => !_isOdd || !Unit.IsEmpty || !ContainerId.IsEmpty || !PodUid.IsEmpty;

    /// <summary>Reads a path of any bytes.</summary>
    public static CgroupPath Parse(ReadOnlySpan<byte> path)
    {
        // Behind the path of a cgroup that was removed while a process is in it (kernel/cgroup/cgroup.c, proc_cgroup_show).
        path = path.EndsWith(" (deleted)"u8) ? path[..^" (deleted)".Length] : path;
        CgroupPath found = default;
        ReadOnlySpan<byte> previous = default;
        ReadOnlySpan<byte> rest = path;
        while (true)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = slash < 0 ? rest : rest[..slash];
            found.Take(part, previous, path[..^(slash < 0 ? 0 : rest.Length - slash)]);
            if (slash < 0)
            {
                break;
            }

            previous = part;
            rest = rest[(slash + 1)..];
        }

        found.Qos = found.PodUid.IsEmpty ? QosClass.None : QosClasses.Of(path);
        return found;
    }

    private void Take(ReadOnlySpan<byte> part, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> whole)
    {
        if (PodPart.TryParse(part, out ReadOnlySpan<byte> uid))
        {
            PodUid = uid;
        }

        bool isContainer = ContainerPart.TryParse(part, out ReadOnlySpan<byte> runtime, out ReadOnlySpan<byte> id);
        bool isMonitor = isContainer && runtime.EndsWith("conmon"u8);
        if (isContainer && !isMonitor)
        {
            ContainerId = id;
            ContainerPath = whole;
            Runtime = runtime.IsEmpty && part.StartsWith(id) && (previous.SequenceEqual("docker"u8) || previous.SequenceEqual("ecs"u8)) ? previous : runtime;
        }

        if (UnitPart.TryParse(part, out ReadOnlySpan<byte> unit))
        {
            TakeUnit(unit);
        }

        _isInside |= isContainer && !isMonitor;
        _isOdd |= !part.IsEmpty && !part.SequenceEqual(".."u8) && !UnitPart.IsSlice(part) && !isMonitor;
    }

    private void TakeUnit(ReadOnlySpan<byte> unit)
    {
        if (_isInside || Unit.IsEmpty)
        {
            Unit = unit;
            UserUnit = default;
            _isInside = false;
        }
        else if (UserUnit.IsEmpty && UnitPart.IsUserInstance(Unit))
        {
            UserUnit = unit;
        }
    }
}
