using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace MapAgent.SystemTests.Harness;

/// <summary>A query of a panel, with Grafana's variables filled in as Grafana fills them in when all is chosen.</summary>
internal sealed record PanelQuery(string Dashboard, string Panel, string Expression);

/// <summary>The queries of all dashboards.</summary>
internal static class PanelQueries
{
    private static readonly (string Variable, string Value)[] s_all =
        [("$__rate_interval", "10s"), ("$job", ".+"), ("$instance", ".+"), ("$group", ".+"), ("$namespace", ".*"), ("$pod", ".*")];

    /// <summary>Reads them.</summary>
    public static IReadOnlyList<PanelQuery> All()
    {
        List<PanelQuery> queries = [];
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "dashboards"), "*.json").Order())
        {
            using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(static panel => panel.TryGetProperty("targets", out _)))
            {
                queries.AddRange(panel.GetProperty("targets").EnumerateArray().Select(target => new PanelQuery(
                    Path.GetFileNameWithoutExtension(file), panel.GetProperty("title").GetString()!, Filled(target.GetProperty("expr").GetString()!))));
            }
        }

        return queries;
    }

    private static string Filled(string expression) => s_all.Aggregate(expression, static (text, variable) => text.Replace(variable.Variable, variable.Value));
}
