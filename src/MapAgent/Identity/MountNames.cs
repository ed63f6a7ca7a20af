using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Identity;

/// <summary>
/// Names of containers out of what the kubelet mounts into them: the root of <c>/dev/termination-log</c> is
/// <c>/var/lib/kubelet/pods/UID/containers/NAME/HASH</c>. Everybody may read <c>mountinfo</c>. A pod may mount what it likes over it,
/// but only inside itself: the uid must be that of its cgroup.
/// </summary>
internal sealed class MountNames(ProcReader reader) : NameSource(SourceKind.Mounts)
{
    private const int MostReads = 256;
    private readonly List<MountEntry> _mounts = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override LookupOutcome Look(IReadOnlyList<UnnamedContainer> unnamed, FoundNames found, CancellationToken cancel)
    {
        if (_named.Count > FoundNames.Bound)
        {
            // Of containers that are long gone, nearly all.
            _named.Clear();
        }

        int reads = 0;
        LookupOutcome outcome = LookupOutcome.Ok;
        for (int i = 0; i < unnamed.Count && !cancel.IsCancellationRequested; i++)
        {
            if (!_named.ContainsKey(unnamed[i].ContainerId) && ++reads <= MostReads)
            {
                outcome = Read(unnamed[i]) == ReadOutcome.Denied ? LookupOutcome.Denied : outcome;
            }
        }

        foreach (KeyValuePair<string, string> named in _named)
        {
            found.AddContainer(named.Key, named.Value);
        }

        return reads > MostReads ? LookupOutcome.TooLarge : cancel.IsCancellationRequested ? LookupOutcome.Timeout : outcome;
    }

    /// <summary>The name in the root of a mount, if it is one of the kubelet's for this pod.</summary>
    /// <param name="root">Such as <c>/var/lib/kubelet/pods/UID/containers/NAME/HASH</c>, or a part of it where a filesystem begins below.</param>
    /// <param name="uid">The pod that it must be of.</param>
    /// <param name="name">The part for the name, any bytes.</param>
    public static bool TryName(ReadOnlySpan<byte> root, string uid, out ReadOnlySpan<byte> name)
    {
        name = default;
        Span<byte> middle = stackalloc byte[64];
        int length = Encoding.UTF8.GetBytes(uid, middle[1..^12]) + 1;
        middle[0] = (byte)'/';
        "/containers/"u8.CopyTo(middle[length..]);
        int at = root.IndexOf(middle[..(length + 12)]);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = root[(at + length + 12)..];
        int slash = rest.IndexOf((byte)'/');
        name = slash > 0 ? rest[..slash] : default;
        return slash > 0 && rest.LastIndexOf((byte)'/') == slash;
    }

    private ReadOutcome Read(UnnamedContainer container)
    {
        ReadOutcome opened = reader.Open(container.Pid, out ProcessDirectory directory);
        if (opened != ReadOutcome.Ok)
        {
            return opened;
        }

        using (directory)
        {
            // The pid may be another's by now; both files are read through one directory.
            if (CgroupFacts.Read(reader, directory)?.ContainerId != container.ContainerId)
            {
                return ReadOutcome.Gone;
            }

            ReadOutcome outcome = reader.ReadMountInfo(directory, _mounts);
            foreach (MountEntry mount in _mounts)
            {
                if (TryName(mount.Root, container.PodUid, out ReadOnlySpan<byte> name)
                    && NameRules.IsLabel(Encoding.UTF8.GetString(name)))
                {
                    // Later mounts are the pod's own.
                    _named.TryAdd(container.ContainerId, Encoding.UTF8.GetString(name));
                }
            }

            return outcome;
        }
    }
}
