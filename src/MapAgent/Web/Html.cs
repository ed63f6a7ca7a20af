using System.Text.Encodings.Web;
using MapAgent.Export;

namespace MapAgent.Web;

/// <summary>What the pages for people have in common.</summary>
internal static class Html
{
    /// <summary>Text for an element or a quoted attribute; nothing in it is markup.</summary>
    public static string Text(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>A whole document.</summary>
    /// <param name="title">Its title, not yet encoded.</param>
    /// <param name="head">More of the head, as markup.</param>
    /// <param name="body">The body with its tag, as markup.</param>
    public static string Document(string title, string head, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Text(title)}</title>
        <link rel="icon" type="image/svg+xml" href="page/icon.svg">
        <link rel="stylesheet" href="page/page.css">
        {head}
        </head>
        {body}
        </html>

        """;

    /// <summary>The links at the end of each page. They are relative, so that a proxy may serve the agent below a path.</summary>
    public static string Links(string telemetryPath, bool showsDetails) => $"""
        <footer>
        <nav aria-label="Elsewhere">
        <a href="{Text(telemetryPath[1..])}">Metrics</a>
        {(showsDetails ? """<a href="api/v1/snapshot">JSON</a>""" : "")}
        <a href="-/healthy">Health</a>
        <a href="-/ready">Readiness</a>
        <a href="docs">What the numbers mean</a>
        <span>MapAgent {Text(BuildFacts.Version)}</span>
        </nav>
        </footer>
        """;
}
