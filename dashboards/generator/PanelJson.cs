using System.Linq;
using System.Text.Json.Nodes;

namespace MapAgent.Dashboards;

/// <summary>Writes a panel in Grafana's words.</summary>
internal static class PanelJson
{
    /// <summary>The data source that the variable names.</summary>
    public static JsonObject Source => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    /// <summary>The panel.</summary>
    public static JsonObject Of(Panel panel, int id, int x, int y)
    {
        JsonObject json = new()
        {
            ["id"] = id,
            ["type"] = panel.Kind,
            ["title"] = panel.Title,
            ["description"] = panel.Description,
            ["datasource"] = Source,
            ["gridPos"] = new JsonObject { ["h"] = panel.Height, ["w"] = panel.Width, ["x"] = x, ["y"] = y },
            ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(panel), ["overrides"] = Overrides(panel) },
            ["options"] = Options(panel),
            ["targets"] = new JsonArray([.. panel.Queries.Select((query, index) => Target(panel, query, index))]),
        };
        if (panel.Kind == "table")
        {
            json["transformations"] = Transformations(panel);
        }

        return json;
    }

    private static JsonObject Target(Panel panel, Query query, int index)
    {
        bool now = panel.Kind != "timeseries";
        return new JsonObject
        {
            ["datasource"] = Source,
            ["editorMode"] = "code",
            ["expr"] = query.PromQl,
            ["format"] = panel.Kind == "table" ? "table" : "time_series",
            ["instant"] = now,
            ["legendFormat"] = query.Legend,
            ["range"] = !now,
            ["refId"] = ((char)('A' + index)).ToString(),
        };
    }

    private static JsonObject Defaults(Panel panel)
    {
        JsonObject defaults = new()
        {
            ["color"] = new JsonObject { ["mode"] = panel.Kind == "timeseries" ? "palette-classic" : "thresholds" },
            ["decimals"] = panel.Decimals,
            ["unit"] = panel.Unit,
            ["min"] = 0,
            ["thresholds"] = Steps(panel),
        };
        if (panel.Max is { } max)
        {
            defaults["max"] = max;
        }

        if (panel.Kind == "timeseries")
        {
            defaults["custom"] = new JsonObject
            {
                ["drawStyle"] = "line",
                ["fillOpacity"] = panel.IsStacked ? 40 : 5,
                ["lineWidth"] = 1,
                ["showPoints"] = "never",
                ["spanNulls"] = false,
                ["stacking"] = new JsonObject { ["group"] = "A", ["mode"] = panel.IsStacked ? "normal" : "none" },
                ["thresholdsStyle"] = new JsonObject { ["mode"] = panel.Thresholds is null ? "off" : "line" },
            };
        }

        if (panel.Drill is { } drill)
        {
            defaults["links"] = new JsonArray(Link(panel, drill));
        }

        return defaults;
    }

    private static JsonObject Link(Panel panel, Drill drill) => new()
    {
        ["title"] = drill.Title,
        ["url"] = $"/d/{drill.Uid}?${{datasource:queryparam}}&${{job:queryparam}}&${{instance:queryparam}}&${{__url_time_range}}"
            + string.Concat(drill.Labels.Select(label => $"&var-{label}=${{{Value(panel, label)}}}")),
    };

    // The labels of a table are columns by now.
    private static string Value(Panel panel, string label) => panel.Kind == "table"
        ? "__data.fields." + panel.Columns.First(column => column.Field == label).Heading
        : "__field.labels." + label;

    private static JsonObject Steps(Panel panel)
    {
        JsonArray steps = [new JsonObject { ["color"] = "green", ["value"] = null }];
        if (panel.Thresholds is { } thresholds)
        {
            steps.Add(new JsonObject { ["color"] = "yellow", ["value"] = thresholds.Yellow });
            steps.Add(new JsonObject { ["color"] = "red", ["value"] = thresholds.Red });
        }

        return new JsonObject { ["mode"] = "absolute", ["steps"] = steps };
    }

    private static JsonArray Overrides(Panel panel)
    {
        JsonArray overrides = [];
        foreach (Query query in panel.Queries.Where(query => panel.IsStacked && query.Legend.EndsWith("(line)", System.StringComparison.Ordinal)))
        {
            overrides.Add(Override(query.Legend,
                ("custom.stacking", new JsonObject { ["group"] = "B", ["mode"] = "none" }), ("custom.fillOpacity", 0), ("custom.lineWidth", 2)));
        }

        foreach (Column column in panel.Columns.Where(static column => column.Unit is not null))
        {
            JsonObject made = column.IsFill
                ? Override(column.Heading, ("unit", column.Unit!), ("max", 1), ("custom.cellOptions", new JsonObject { ["type"] = "gauge", ["mode"] = "lcd" }))
                : Override(column.Heading, ("unit", column.Unit!));
            overrides.Add(made);
        }

        return overrides;
    }

    private static JsonObject Override(string field, params (string Id, JsonNode Value)[] properties) => new()
    {
        ["matcher"] = new JsonObject { ["id"] = "byName", ["options"] = field },
        ["properties"] = new JsonArray([.. properties.Select(static property => new JsonObject { ["id"] = property.Id, ["value"] = property.Value })]),
    };

    private static JsonObject Options(Panel panel) => panel.Kind switch
    {
        "timeseries" => new JsonObject
        {
            ["legend"] = new JsonObject
            {
                ["calcs"] = new JsonArray("lastNotNull", "max"),
                ["displayMode"] = "table",
                ["placement"] = "bottom",
                ["showLegend"] = true,
                ["sortBy"] = "Last *",
                ["sortDesc"] = true,
            },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        "stat" => new JsonObject
        {
            ["colorMode"] = "value",
            ["graphMode"] = "none",
            ["justifyMode"] = "auto",
            ["orientation"] = "auto",
            ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false },
            ["textMode"] = "auto",
        },
        _ => new JsonObject
        {
            ["cellHeight"] = "sm",
            ["showHeader"] = true,
            ["sortBy"] = new JsonArray(new JsonObject
            {
                ["displayName"] = panel.Columns.First(static column => column.Unit is not null).Heading,
                ["desc"] = true,
            }),
        },
    };

    // Joins the queries by their labels, and shows the columns that were asked for, in that order.
    private static JsonArray Transformations(Panel panel)
    {
        JsonObject order = [];
        JsonObject names = [];
        JsonObject only = new() { ["names"] = new JsonArray([.. panel.Columns.Select(static column => (JsonNode)column.Field)]) };
        for (int i = 0; i < panel.Columns.Count; i++)
        {
            order[panel.Columns[i].Field] = i;
            names[panel.Columns[i].Field] = panel.Columns[i].Heading;
        }

        return
        [
            new JsonObject { ["id"] = "merge", ["options"] = new JsonObject() },
            new JsonObject { ["id"] = "filterFieldsByName", ["options"] = new JsonObject { ["include"] = only } },
            new JsonObject
            {
                ["id"] = "organize",
                ["options"] = new JsonObject { ["indexByName"] = order, ["renameByName"] = names },
            },
        ];
    }
}
