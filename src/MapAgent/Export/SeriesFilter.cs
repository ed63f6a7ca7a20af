using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>Which series are asked for: those with all of these labels; null asks nothing of a label.</summary>
internal sealed record SeriesFilter(string Group, string? Pid, string? Namespace, string? Pod, string? Container)
{
    /// <summary>True for a series that is asked for.</summary>
    public bool Takes(SeriesLabels labels) => labels.Group == Group && Is(Pid, labels.Pid) && Is(Namespace, labels.Namespace)
        && Is(Pod, labels.Pod) && Is(Container, labels.Container);

    private static bool Is(string? wanted, string? label) => wanted is null || wanted == label;
}
