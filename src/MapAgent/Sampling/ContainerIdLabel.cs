namespace MapAgent.Sampling;

/// <summary>
/// Which families carry the short id of a container that no Kubernetes has named in the label <c>container</c>. Each container that is
/// started has another id, so that such series do not come back.
/// </summary>
internal enum ContainerIdLabel
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those of shm mounts, of which each has series of its own anyway.</summary>
    Shm,

    /// <summary>Those of processes too.</summary>
    All,
}
