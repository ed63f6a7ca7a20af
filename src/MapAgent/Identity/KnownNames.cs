using System;
using System.Collections.Generic;

namespace MapAgent.Identity;

/// <summary>All names that are known, never changed once made: a pass reads one while the next is being made.</summary>
internal sealed class KnownNames
{
    /// <summary>No name is known.</summary>
    public static readonly KnownNames None = new([]);

    private readonly Dictionary<string, PodName> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerName> _containers = new(StringComparer.Ordinal);

    /// <summary>Puts together what the sources found.</summary>
    /// <param name="found">The least trusted first.</param>
    public KnownNames(IEnumerable<FoundNames> found)
    {
        foreach (FoundNames names in found)
        {
            foreach (KeyValuePair<string, PodName> pod in names.Pods)
            {
                _pods[pod.Key] = pod.Value;
            }

            // Less is known of them than of what has the uid itself.
            foreach (KeyValuePair<string, PodName?> mirror in names.Mirrors)
            {
                if (mirror.Value is { } pod)
                {
                    _pods.TryAdd(mirror.Key, pod);
                }
            }

            foreach (KeyValuePair<string, ContainerName> container in names.Containers)
            {
                PodName? pod = container.Value.Pod ?? (_containers.TryGetValue(container.Key, out ContainerName before) ? before.Pod : null);
                _containers[container.Key] = container.Value with { Pod = pod };
            }
        }
    }

    /// <summary>How many pods are known by uid.</summary>
    public int Pods => _pods.Count;

    /// <summary>How many containers are known by id.</summary>
    public int Containers => _containers.Count;

    /// <summary>Whose the processes of a cgroup are.</summary>
    public ProcessIdentity Of(CgroupFacts cgroup)
    {
        ContainerName? container = cgroup.ContainerId is { } id && _containers.TryGetValue(id, out ContainerName named) ? named : null;
        PodName? pod = container?.Pod ?? (cgroup.PodUid is { } uid && _pods.TryGetValue(uid, out PodName name) ? name : null);
        return new ProcessIdentity(cgroup, pod?.Namespace, pod?.Name, container?.Name);
    }
}
