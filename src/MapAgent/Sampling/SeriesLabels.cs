namespace MapAgent.Sampling;

/// <summary>The labels that all process families of one series carry; null where they do not apply.</summary>
/// <param name="Group">The group's name, bounded and valid UTF-16.</param>
/// <param name="Pid">The pid, or <c>other</c>, for groups that ask for a series per process.</param>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Pod">Kubernetes pod.</param>
/// <param name="Container">Container name.</param>
internal sealed record SeriesLabels(
    string Group, string? Pid = null, string? Namespace = null, string? Pod = null, string? Container = null);
