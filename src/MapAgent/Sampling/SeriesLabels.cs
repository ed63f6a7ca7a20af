namespace MapAgent.Sampling;

/// <summary>The labels that all process families of one series carry; null where they do not apply.</summary>
/// <param name="Group">The group's name, bounded and valid UTF-16.</param>
/// <param name="Pid">The pid, or <c>other</c>, for groups that ask for a series per process.</param>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Pod">Kubernetes pod.</param>
/// <param name="Container">Container name.</param>
internal sealed record SeriesLabels(
    string Group, string? Pid = null, string? Namespace = null, string? Pod = null, string? Container = null)
{
    /// <summary>By group, then by whose it is, then by pid.</summary>
    public static int Compare(SeriesLabels a, SeriesLabels b) =>
        string.CompareOrdinal(a.Group, b.Group) is not 0 and int byGroup ? byGroup
        : string.CompareOrdinal(a.Namespace, b.Namespace) is not 0 and int byNamespace ? byNamespace
        : string.CompareOrdinal(a.Pod, b.Pod) is not 0 and int byPod ? byPod
        : string.CompareOrdinal(a.Container, b.Container) is not 0 and int byContainer ? byContainer
        : string.CompareOrdinal(a.Pid, b.Pid);
}
