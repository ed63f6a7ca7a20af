using System.Collections.Generic;

namespace MapAgent.Dashboards;

/// <summary>Every dashboard there is.</summary>
internal static class Catalog
{
    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<Dashboard> All { get; } =
        [OverviewDashboard.Make(), GroupDashboard.Make(), SharedMemoryDashboard.Make(), KubernetesDashboard.Make(), AgentDashboard.Make()];
}
