using System;
using System.Globalization;
using System.Linq;
using System.Text;
using MapAgent.Export;
using MapAgent.Sampling;

namespace MapAgent.Web;

/// <summary>
/// The page at /: the node at a glance. What is here is what is seen without JavaScript and until it has run; the scripts below
/// /page/ bring it to life.
/// </summary>
internal static class LivePage
{
    private const int MostGroups = 25;

    /// <summary>The document.</summary>
    /// <param name="telemetryPath">Path of the metrics.</param>
    /// <param name="snapshot">The newest snapshot; null before the first.</param>
    /// <param name="showsDetails">False leaves nothing but links.</param>
    public static string Render(string telemetryPath, Snapshot? snapshot, bool showsDetails)
    {
        string node = Environment.MachineName;
        string links = Html.Links(telemetryPath, showsDetails);
        string heading = $"""<h1><a href="./">MapAgent</a> <span>{Html.Text(node)}</span></h1>""";
        if (!showsDetails)
        {
            return Html.Document($"MapAgent on {node}", "", $"""
                <body>
                <header>{heading}<p>Tells what is mapped into memory on this node. Details of processes are off, see --web.disable-details.</p></header>
                {links}
                </body>
                """);
        }

        return Html.Document($"MapAgent on {node}", """<script type="module" src="page/main.js"></script>""", $"""
            <body data-title="{Html.Text($"MapAgent on {node}")}">
            <a class="skip" href="#groups-title">Skip to the groups</a>
            <header>
            {heading}
            <p id="measured">{Html.Text(State(snapshot))}</p>
            <button type="button" id="pause" hidden>Pause</button>
            </header>
            <div id="alert" role="alert"></div>
            <noscript><div class="static">Without JavaScript this page shows the newest snapshot once; load it again for the next.</div></noscript>
            <main id="node">
            <section aria-labelledby="memory-title"><h2 id="memory-title">Memory</h2><div id="memory"><p>{Html.Text(Memory(snapshot))}</p></div></section>
            <section aria-labelledby="groups-title"><div class="head"><h2 id="groups-title" tabindex="-1">Groups</h2><span id="groups-count" class="muted"></span><div id="groups-tools" class="tools"></div></div>
            <div id="groups">{Groups(snapshot)}</div></section>
            <section aria-labelledby="shm-title"><h2 id="shm-title">Shared memory</h2><div id="shm"><p>{(snapshot is null ? "" : $"{snapshot.Shm.Mounts.Count} shm mounts are measured.")}</p></div></section>
            <section aria-labelledby="agent-title"><h2 id="agent-title">The agent itself</h2><div id="agent"><p>{Html.Text(Cost(snapshot))}</p></div></section>
            </main>
            <main id="detail" hidden></main>
            {links}
            </body>
            """);
    }

    private static string State(Snapshot? snapshot) => snapshot is null ? "The first pass is running."
        : string.Create(CultureInfo.InvariantCulture, $"{snapshot.Processes} processes in {snapshot.Series.Count} groups, measured at {snapshot.At:yyyy-MM-dd HH:mm:ss} UTC in {snapshot.Duration.TotalMilliseconds:F1} ms");

    private static string Memory(Snapshot? snapshot) => snapshot is null ? ""
        : $"Groups hold {Size(snapshot.Series.Sum(static series => series.Pss ?? 0))} (PSS) of {Size(snapshot.Host.MemoryBytes)}; {Size(snapshot.Host.MemoryAvailableBytes)} are available by the kernel's estimate.";

    private static string Cost(Snapshot? snapshot) => snapshot is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{snapshot.PassCpuSeconds:F2} s of CPU for {snapshot.Passes} passes; {Size(snapshot.Agent.ResidentBytes)} resident; {snapshot.Series.Sum(static series => series.Measured)} of {snapshot.Processes} processes measured.");

    private static string Groups(Snapshot? snapshot)
    {
        if (snapshot is null)
        {
            return "";
        }

        StringBuilder rows = new();
        foreach (SeriesSnapshot series in snapshot.Series.OrderByDescending(static s => s.Pss ?? s.ResidentBytes).Take(MostGroups))
        {
            SeriesLabels labels = series.Labels;
            string name = string.Join(' ', new[] { labels.Group, labels.Pid, labels.Namespace, labels.Pod, labels.Container }.Where(static part => part is not null));
            rows.Append(CultureInfo.InvariantCulture, $"""<tr><th scope="row" class="name">{Html.Text(name)}</th><td class="num">{series.Measured}/{series.Processes}</td>""");
            foreach (long? bytes in new[] { series.Pss, series.Uss, series.ResidentBytes, series.Swap })
            {
                rows.Append(CultureInfo.InvariantCulture, $"""<td class="num">{Size(bytes)}</td>""");
            }

            rows.Append("</tr>\n");
        }

        return $"""
            <div class="table" tabindex="0" role="region" aria-label="The largest groups, a table that scrolls"><table><caption class="sr">The largest groups of processes</caption>
            <thead><tr><th scope="col">Group</th><th scope="col" class="num">Measured</th><th scope="col" class="num">PSS</th><th scope="col" class="num">USS</th><th scope="col" class="num">RSS</th><th scope="col" class="num">Swap</th></tr></thead>
            <tbody>
            {rows}</tbody></table></div>
            """;
    }

    private static string Size(long? bytes) => ByteSize.Text(bytes, "unknown");
}
