using System.Text.Json.Nodes;

namespace MapAgent.Dashboards;

/// <summary>A variable at the top of a dashboard.</summary>
/// <param name="Name">As the queries call it.</param>
/// <param name="Label">As the reader sees it.</param>
/// <param name="Query">Where its values come from; null for the data source.</param>
/// <param name="All">The regular expression for all of them.</param>
internal sealed record Variable(string Name, string Label, string? Query, string All = ".+")
{
    /// <summary>Which Prometheus.</summary>
    public static Variable Source { get; } = new("datasource", "Data source", null);

    /// <summary>Which jobs.</summary>
    public static Variable Job { get; } = new("job", "Job", "label_values(mapagent_build_info, job)");

    /// <summary>Which nodes.</summary>
    public static Variable Instance { get; } = new("instance", "Instance", "label_values(mapagent_build_info{job=~\"$job\"}, instance)");

    /// <summary>Which groups.</summary>
    public static Variable Group { get; } =
        new("group", "Group", "label_values(mapagent_processes{job=~\"$job\", instance=~\"$instance\"}, group)");

    /// <summary>Which namespaces; what is in none belongs to all.</summary>
    public static Variable Namespace { get; } =
        new("namespace", "Namespace", "label_values({__name__=~\"mapagent_processes|mapagent_shm_segments\", job=~\"$job\", instance=~\"$instance\"}, namespace)", ".*");

    /// <summary>Which pods; what is in none belongs to all.</summary>
    public static Variable Pod { get; } = new("pod", "Pod",
        "label_values({__name__=~\"mapagent_processes|mapagent_shm_segments\", job=~\"$job\", instance=~\"$instance\", namespace=~\"$namespace\"}, pod)", ".*");

    /// <summary>The variable as Grafana stores it.</summary>
    public JsonObject ToJson() => Query is null
        ? new JsonObject
        {
            ["name"] = Name,
            ["label"] = Label,
            ["type"] = "datasource",
            ["query"] = "prometheus",
            ["refresh"] = 1,
            ["hide"] = 0,
            ["multi"] = false,
            ["includeAll"] = false,
            ["regex"] = "",
            ["options"] = new JsonArray(),
        }
        : new JsonObject
        {
            ["name"] = Name,
            ["label"] = Label,
            ["type"] = "query",
            ["datasource"] = PanelJson.Source,
            ["query"] = new JsonObject { ["qryType"] = 5, ["query"] = Query, ["refId"] = "PrometheusVariableQueryEditor-VariableQuery" },
            ["refresh"] = 2,
            ["sort"] = 1,
            ["hide"] = 0,
            ["multi"] = true,
            ["includeAll"] = true,
            ["allValue"] = All,
            ["regex"] = "",
            ["options"] = new JsonArray(),
            ["current"] = new JsonObject { ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") },
        };
}
