using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MapAgent.Web;

/// <summary>Every path there is. All of them only read the newest snapshot, but for that of a single process.</summary>
internal sealed class Routes(WebOptions options, SnapshotStore store, Exposition exposition, Inspector inspector, TimeProvider clock)
{
    private readonly ProcessPage _process = new(inspector);
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(1);
    private readonly long _started = clock.GetTimestamp();
    private readonly MetricsPage _metrics = new(store, exposition);

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        Func<HttpContext, Task>? page = Find(request.Path.Value ?? "");
        if (page is null)
        {
            return Answer.TextAsync(context, StatusCodes.Status404NotFound, "There is no such page; / lists those that there are.\n");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answer.TextAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are answered.\n");
        }

        return context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            ? Answer.TextAsync(context, StatusCodes.Status413PayloadTooLarge, "No request here has a body.\n")
            : page(context);
    }

    private Func<HttpContext, Task>? Find(string path) => path == options.TelemetryPath ? _metrics.WriteAsync : path switch
    {
        "/" => LivePageAsync,
        "/docs" => DocsAsync,
        "/-/healthy" => HealthyAsync,
        "/-/ready" => ReadyAsync,
        "/api/v1/snapshot" => SnapshotAsync,
        "/api/v1/groups" => GroupsAsync,
        "/api/v1/shm" => ShmAsync,
        _ when path.StartsWith(ProcessPage.Prefix, StringComparison.Ordinal) => _process.WriteAsync,
        _ => PageFile.All.GetValueOrDefault(path) is { } file ? context => FileAsync(context, file) : null,
    };

    private Task LivePageAsync(HttpContext context) =>
        Answer.HtmlAsync(context, LivePage.Render(options.TelemetryPath, store.Current, options.ShowsDetails(context.Request.Host)));

    private Task DocsAsync(HttpContext context) => Answer.HtmlAsync(context, DocsPage.Render(options.TelemetryPath, options.ShowsDetails(context.Request.Host)));

    private static Task FileAsync(HttpContext context, PageFile file) =>
        Answer.IsKnown(context, file.Tag) ? Task.CompletedTask : Answer.BytesAsync(context, file.ContentType, file.Bytes);

    private Task HealthyAsync(HttpContext context) =>
        // A first pass over a large node may take a while; a sampler that stands still is not healthy.
        (store.Current is null && clock.GetElapsedTime(_started) < s_start) || Freshness.IsFresh(store.Current, clock, options.Interval())
            ? Answer.TextAsync(context, StatusCodes.Status200OK, "healthy\n")
            : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "the sampler has published nothing for three intervals\n");

    private Task ReadyAsync(HttpContext context) =>
        Freshness.IsFresh(store.Current, clock, options.Interval())
            ? Answer.TextAsync(context, StatusCodes.Status200OK, "ready\n")
            : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "no fresh snapshot\n");

    // Ages grow while the snapshot stays: the tag is weak.
    private Task SnapshotAsync(HttpContext context) =>
        store.Current is { } snapshot && Answer.IsKnown(context, FormattableString.Invariant($"W/\"{snapshot.Passes}-{snapshot.At.ToUnixTimeMilliseconds()}\""))
            ? Task.CompletedTask
            : JsonAsync(context, SnapshotJson.WriteAll);

    private Task GroupsAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        SeriesFilter? filter = query.TryGetValue("group", out StringValues group)
            ? new SeriesFilter(group.ToString(), query["pid"], query["namespace"], query["pod"], query["container"])
            : null;
        return JsonAsync(context, (writer, view) => SnapshotJson.WriteGroups(writer, view, filter));
    }

    private Task ShmAsync(HttpContext context) => JsonAsync(context, ShmJson.Write);

    private Task JsonAsync(HttpContext context, Action<Utf8JsonWriter, View> write) => store.Current is { } snapshot
        ? Answer.JsonAsync(context, writer => write(writer, new View(snapshot, clock.GetTimestamp(), clock)))
        : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "no snapshot yet\n");
}
