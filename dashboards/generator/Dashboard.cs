using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MapAgent.Dashboards;

/// <summary>One dashboard: rows of panels below a few variables.</summary>
/// <param name="Name">The end of its uid and the name of its file; never changed, as links and bookmarks hold it.</param>
/// <param name="Title">The part of the title after MapAgent.</param>
/// <param name="Description">What it answers.</param>
/// <param name="Variables">At its top.</param>
/// <param name="Rows">A heading and its panels, laid out from left to right.</param>
internal sealed record Dashboard(
    string Name, string Title, string Description, IReadOnlyList<Variable> Variables, IReadOnlyList<(string Heading, Panel[] Panels)> Rows)
{
    private const int Columns = 24;
    private const string Tag = "mapagent";

    // Quotes stay as they are: the file is read by people, and never by a browser as HTML.
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In dashboards/.</summary>
    public string FileName => Name + ".json";

    /// <summary>What links hold.</summary>
    public string Uid => "mapagent-" + Name;

    /// <summary>All panels.</summary>
    public IEnumerable<Panel> Panels => Rows.SelectMany(static row => row.Panels);

    /// <summary>The text of the file.</summary>
    public string ToJson() => new JsonObject
    {
        ["uid"] = Uid,
        ["title"] = "MapAgent / " + Title,
        ["description"] = Description,
        ["tags"] = new JsonArray(Tag),
        ["editable"] = false,
        ["graphTooltip"] = 1,
        ["refresh"] = "1m",
        ["schemaVersion"] = 39,
        ["time"] = new JsonObject { ["from"] = "now-3h", ["to"] = "now" },
        ["timezone"] = "browser",
        ["annotations"] = new JsonObject { ["list"] = Annotations() },
        ["links"] = new JsonArray(new JsonObject
        {
            ["title"] = "MapAgent",
            ["type"] = "dashboards",
            ["tags"] = new JsonArray(Tag),
            ["asDropdown"] = true,
            ["icon"] = "external link",
            ["includeVars"] = true,
            ["keepTime"] = true,
            ["targetBlank"] = false,
            ["tooltip"] = "The other dashboards",
            ["url"] = "",
        }),
        ["templating"] = new JsonObject { ["list"] = new JsonArray([.. Variables.Select(static variable => variable.ToJson())]) },
        ["panels"] = Layout(),
    }.ToJsonString(s_readable) + "\n";

    private static JsonArray Annotations() =>
    [
        Annotation("Alerts", "red", "ALERTS{alertname=~\"MapAgent.+\",alertstate=\"firing\",job=~\"$job\",instance=~\"$instance\"}",
            "{{alertname}}", "{{instance}} {{group}} {{mount}}"),
        // The moment itself is the value, so that a reload is marked once, and where it was.
        Annotation("Reloads", "blue",
            "mapagent_config_last_reload_success_timestamp_seconds{job=~\"$job\",instance=~\"$instance\"} * 1000", "Configuration taken over", "{{instance}}", true),
        Annotation("Refused reloads", "orange",
            "mapagent_config_last_reload_successful{job=~\"$job\",instance=~\"$instance\"} == 0", "Configuration refused", "{{instance}}"),
    ];

    private static JsonObject Annotation(string name, string color, string expression, string title, string text, bool valueIsTime = false)
    {
        JsonObject annotation = new()
        {
            ["name"] = name,
            ["enable"] = true,
            ["hide"] = false,
            ["iconColor"] = color,
            ["datasource"] = PanelJson.Source,
            ["expr"] = expression,
            ["titleFormat"] = title,
            ["textFormat"] = text,
            ["step"] = "60s",
        };
        if (valueIsTime)
        {
            annotation["useValueForTime"] = true;
        }

        return annotation;
    }

    private JsonArray Layout()
    {
        JsonArray panels = [];
        int id = 0;
        int y = 0;
        foreach ((string heading, Panel[] row) in Rows)
        {
            panels.Add(new JsonObject
            {
                ["id"] = ++id,
                ["type"] = "row",
                ["title"] = heading,
                ["collapsed"] = false,
                ["panels"] = new JsonArray(),
                ["gridPos"] = new JsonObject { ["h"] = 1, ["w"] = Columns, ["x"] = 0, ["y"] = y++ },
            });
            int x = 0;
            int tallest = 0;
            foreach (Panel panel in row)
            {
                if (x + panel.Width > Columns)
                {
                    y += tallest;
                    x = 0;
                    tallest = 0;
                }

                panels.Add(panel.ToJson(++id, x, y));
                x += panel.Width;
                tallest = System.Math.Max(tallest, panel.Height);
            }

            y += tallest;
        }

        return panels;
    }
}
