using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace MapAgent.Dashboards;

/// <summary>One panel: a kind of picture, a unit, and its queries.</summary>
/// <param name="Kind">Grafana's name of the picture.</param>
/// <param name="Title">A few words.</param>
/// <param name="Description">What the reader should know to judge the numbers.</param>
/// <param name="Unit">Grafana's name of the unit.</param>
/// <param name="Queries">What is shown.</param>
internal sealed record Panel(string Kind, string Title, string Description, string Unit, params Query[] Queries)
{
    /// <summary>Columns of 24.</summary>
    public int Width { get; init; } = 12;

    /// <summary>Rows of about 36 pixels.</summary>
    public int Height { get; init; } = 8;

    /// <summary>Digits after the point.</summary>
    public int Decimals { get; init; } = 1;

    /// <summary>True adds series on top of each other; one whose legend ends in (line) stays a line.</summary>
    public bool IsStacked { get; init; }

    /// <summary>The top of the scale; null leaves it to Grafana.</summary>
    public double? Max { get; init; }

    /// <summary>From here on yellow, and red; null for no colours.</summary>
    public (double Yellow, double Red)? Thresholds { get; init; }

    /// <summary>Where a click on a series leads.</summary>
    public Drill? Drill { get; init; }

    /// <summary>Columns of a table: a label, or Value #A and so on, with a heading and a unit that differs from the panel's.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>Lines over time.</summary>
    public static Panel Lines(string title, string description, string unit, params Query[] queries) => new("timeseries", title, description, unit, queries);

    /// <summary>One number now.</summary>
    public static Panel Number(string title, string description, string unit, Query query) =>
        new("stat", title, description, unit, query) { Width = 4, Height = 4 };

    /// <summary>Rows now.</summary>
    public static Panel Table(string title, string description, string unit, params Query[] queries) =>
        new("table", title, description, unit, queries) { Width = 24, Height = 9 };

    /// <summary>
    /// Rows now, of those that are first by the first query: Grafana shows a row for whatever any query returns, so all must return the same.
    /// </summary>
    /// <param name="rows">How many at most.</param>
    /// <param name="labels">What a row is, as in <c>by</c> of all the queries.</param>
    /// <param name="title">A few words.</param>
    /// <param name="description">What the reader should know to judge the numbers.</param>
    /// <param name="unit">Grafana's name of the unit.</param>
    /// <param name="first">The query that orders.</param>
    /// <param name="others">The other columns.</param>
    public static Panel Top(int rows, string labels, string title, string description, string unit, string first, params string[] others) =>
        Table(title, description, unit, [new($"topk({rows}, {first})", ""), .. others.Select(other => new Query($"{other} and on ({labels}) topk({rows}, {first})", ""))]);

    /// <summary>The panel as Grafana stores it.</summary>
    /// <param name="id">Unique in its dashboard.</param>
    /// <param name="x">The column.</param>
    /// <param name="y">The row.</param>
    public JsonObject ToJson(int id, int x, int y) => PanelJson.Of(this, id, x, y);
}

/// <summary>A column of a table.</summary>
/// <param name="Field">The label, or <c>Value #A</c> for the first query.</param>
/// <param name="Heading">What stands above.</param>
/// <param name="Unit">Null for a text.</param>
/// <param name="IsFill">True shows a share as a bar.</param>
internal sealed record Column(string Field, string Heading, string? Unit = null, bool IsFill = false);

/// <summary>A link from a series to a dashboard that shows more of it.</summary>
/// <param name="Title">What a click does.</param>
/// <param name="Uid">The other dashboard.</param>
/// <param name="Labels">Labels of the series that become variables there.</param>
internal sealed record Drill(string Title, string Uid, params string[] Labels);
