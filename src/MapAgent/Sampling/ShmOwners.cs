using System.Collections.Generic;
using MapAgent.Identity;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>
/// Whose a shm mount is, by the processes that have it at one of the asked paths. A pod has one for all its containers, so that
/// <c>container</c> is said only where a single one has it; the node's own is nobody's.
/// </summary>
internal sealed class ShmOwners
{
    private readonly Dictionary<ulong, List<KnownCgroup>> _cgroups = [];
    private readonly List<KnownCgroup> _all = [];

    /// <summary>Whether a container without pod is called by its short id.</summary>
    public bool ShowsContainerIds { get; set; }

    /// <summary>Starts a pass.</summary>
    public void Begin()
    {
        foreach (KeyValuePair<ulong, List<KnownCgroup>> space in _cgroups)
        {
            if (space.Value.Count == 0)
            {
                _cgroups.Remove(space.Key);
            }

            space.Value.Clear();
        }
    }

    /// <summary>Takes a process.</summary>
    /// <param name="space">Number of its mount namespace.</param>
    /// <param name="cgroup">Where it is.</param>
    public void Take(ulong space, KnownCgroup cgroup)
    {
        if (cgroup.Identity.Cgroup is { ContainerId: null, PodUid: null })
        {
            return;
        }

        if (!_cgroups.TryGetValue(space, out List<KnownCgroup>? cgroups))
        {
            _cgroups.Add(space, cgroups = []);
        }

        if (!cgroups.Contains(cgroup))
        {
            cgroups.Add(cgroup);
        }
    }

    /// <summary>The mount with the names of its owner.</summary>
    public ShmMountValues Name(ShmMountValues mount)
    {
        _all.Clear();
        foreach (ulong space in mount.IsHome ? [] : mount.Spaces)
        {
            if (_cgroups.TryGetValue(space, out List<KnownCgroup>? cgroups))
            {
                _all.AddRange(cgroups);
            }
        }

        if (_all.Count == 0)
        {
            return mount;
        }

        SortedSet<string> ids = new(System.StringComparer.Ordinal);
        HashSet<string> named = [];
        HashSet<string> unnamed = [];
        HashSet<string> pods = [];
        ProcessIdentity first = _all[0].Identity;
        foreach (KnownCgroup known in _all)
        {
            ProcessIdentity one = known.Identity;
            first = first.Pod is null ? one : first;
            pods.Add(one.Cgroup.PodUid ?? "");
            if (one.Cgroup.ContainerId is { } id)
            {
                ids.Add(id);
                (one.Container is null ? unnamed : named).Add(one.Container ?? id);
            }
        }

        mount = mount with { ContainerIds = [.. ids] };
        if (pods.Count > 1)
        {
            return mount;
        }

        bool isPod = first.Cgroup.PodUid is not null;
        // Beside its containers a pod has one that keeps it alive, which no list names.
        string? container = named.Count == 1 && unnamed.Count <= (isPod ? 1 : 0) ? FirstOf(named)
            : !isPod && ShowsContainerIds && ids.Count == 1 ? first.Cgroup.ShortContainerId : null;
        return mount with { PodUid = first.Cgroup.PodUid, Namespace = first.Namespace, Pod = first.Pod, Container = container };
    }

    private static string? FirstOf(HashSet<string> names)
    {
        foreach (string name in names)
        {
            return name;
        }

        return null;
    }
}
