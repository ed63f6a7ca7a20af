using System.Collections.Generic;

namespace MapAgent.Export;

/// <summary>Every family there is. docs/metrics.md is made from it.</summary>
internal static class MetricTable
{
    /// <summary>All rows in the order in which the documentation shows them.</summary>
    public static IReadOnlyList<Family> All { get; } =
        [.. ProcessFamilies.All, .. MappingFamilies.Files, .. ShmFamilies.Mounts, .. ContainerFamilies.All, .. ShmFamilies.Node, .. IdentityFamilies.All, .. NodeFamilies.All,
            NodeFamilies.PassDuration, NodeFamilies.RollupRead];
}
