namespace MapAgent.Identity;

/// <summary>Whose a process is: what its cgroup says, and the names that are known for it. Null is what is not known.</summary>
/// <param name="Cgroup">What the cgroup says.</param>
/// <param name="Namespace">Namespace of the pod.</param>
/// <param name="Pod">Name of the pod.</param>
/// <param name="Container">Name of the container.</param>
internal sealed record ProcessIdentity(CgroupFacts Cgroup, string? Namespace = null, string? Pod = null, string? Container = null)
{
    /// <summary>Nothing is known.</summary>
    public static readonly ProcessIdentity None = new(CgroupFacts.None);

    /// <summary>True when it is of a pod and some name of it is not known.</summary>
    public bool IsUnnamed => Cgroup.PodUid is not null && (Pod is null || (Container is null && Cgroup.ContainerId is not null));
}
