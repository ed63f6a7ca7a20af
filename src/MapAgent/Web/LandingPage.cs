using System.Globalization;
using System.Text.Encodings.Web;
using MapAgent.Export;
using MapAgent.Sampling;

namespace MapAgent.Web;

/// <summary>The page at /: what this is, how it does, where to go on.</summary>
internal static class LandingPage
{
    /// <summary>HTML; nothing in it comes from a process.</summary>
    public static string Render(string telemetryPath, Snapshot? snapshot, bool showsDetails)
    {
        string state = !showsDetails ? "Details of processes are off, see --web.disable-details."
            : snapshot is null ? "The first pass is running."
            : string.Create(CultureInfo.InvariantCulture,
                $"{snapshot.Processes} processes in {snapshot.Series.Count} series; the last pass took {snapshot.Duration.TotalMilliseconds:F1} ms.");
        string details = showsDetails ? """<li><a href="/api/v1/groups">Groups as JSON</a>, <a href="/api/v1/shm">shared memory as JSON</a></li>""" : "";
        string metrics = HtmlEncoder.Default.Encode(telemetryPath);
        return $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>MapAgent</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem }
            </style>
            </head>
            <body>
            <h1>MapAgent</h1>
            <p>What is mapped into memory on this node. Version {{HtmlEncoder.Default.Encode(BuildFacts.Version)}}.</p>
            <p>{{state}}</p>
            <ul>
            <li><a href="{{metrics}}">Metrics</a></li>
            {{details}}
            <li><a href="/-/healthy">Health</a>, <a href="/-/ready">readiness</a></li>
            </ul>
            </body>
            </html>

            """;
    }
}
