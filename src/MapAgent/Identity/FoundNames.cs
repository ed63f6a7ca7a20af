using System;
using System.Collections.Generic;

namespace MapAgent.Identity;

/// <summary>A pod by name.</summary>
internal readonly record struct PodName(string Namespace, string Name);

/// <summary>A container by name.</summary>
/// <param name="Pod">Its pod; null where the source does not say.</param>
/// <param name="Name">Its name in the pod.</param>
internal readonly record struct ContainerName(PodName? Pod, string Name);

/// <summary>What one lookup found. Takes only what Kubernetes could have named so.</summary>
internal sealed class FoundNames
{
    /// <summary>The most pods or containers taken; a node has some hundreds.</summary>
    public const int Bound = 20_000;

    /// <summary>Pods by uid.</summary>
    public Dictionary<string, PodName> Pods { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Static pods by the hash that their cgroups have for a uid, as annotations of their mirrors say; null where several pods claim one
    /// hash. Anybody who may make a pod can write such annotations.
    /// </summary>
    public Dictionary<string, PodName?> Mirrors { get; } = new(StringComparer.Ordinal);

    /// <summary>Containers by id.</summary>
    public Dictionary<string, ContainerName> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>How many names were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>True when there was no room for more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes a pod.</summary>
    public void AddPod(ReadOnlySpan<char> uid, ReadOnlySpan<char> space, ReadOnlySpan<char> name)
    {
        if (NameRules.IsUid(uid) && NameRules.IsLabel(space) && NameRules.IsPod(name))
        {
            Add(Pods, uid.ToString(), new PodName(space.ToString(), name.ToString()));
        }
        else
        {
            Refused++;
        }
    }

    /// <summary>Takes the mirror of a static pod.</summary>
    public void AddMirror(ReadOnlySpan<char> hash, ReadOnlySpan<char> space, ReadOnlySpan<char> name)
    {
        if (NameRules.IsStaticUid(hash) && NameRules.IsLabel(space) && NameRules.IsPod(name))
        {
            string key = hash.ToString();
            Add(Mirrors, key, Mirrors.ContainsKey(key) ? null : new PodName(space.ToString(), name.ToString()));
        }
        else
        {
            Refused++;
        }
    }

    /// <summary>Takes a container of a pod.</summary>
    public void AddContainer(ReadOnlySpan<char> id, ReadOnlySpan<char> space, ReadOnlySpan<char> pod, ReadOnlySpan<char> name)
    {
        if (NameRules.IsContainerId(id) && NameRules.IsLabel(space) && NameRules.IsPod(pod) && NameRules.IsLabel(name))
        {
            Add(Containers, id.ToString(), new ContainerName(new PodName(space.ToString(), pod.ToString()), name.ToString()));
        }
        else
        {
            Refused++;
        }
    }

    /// <summary>Takes a container of which only the name is known.</summary>
    public void AddContainer(string id, ReadOnlySpan<char> name)
    {
        if (NameRules.IsContainerId(id) && NameRules.IsLabel(name))
        {
            Add(Containers, id, new ContainerName(null, name.ToString()));
        }
        else
        {
            Refused++;
        }
    }

    /// <summary>Notes something that is no name at all.</summary>
    public void Refuse() => Refused++;

    private void Add<T>(Dictionary<string, T> names, string key, T value)
    {
        if (names.Count < Bound || names.ContainsKey(key))
        {
            names[key] = value;
        }
        else
        {
            IsFull = true;
        }
    }
}
