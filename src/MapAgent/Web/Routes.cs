using System;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>Every path there is. All of them only read the newest snapshot.</summary>
internal sealed class Routes(WebOptions options, SnapshotStore store, Exposition exposition, TimeProvider clock)
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(1);
    private readonly long _started = clock.GetTimestamp();
    private readonly MetricsPage _metrics = new(store, exposition);

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        string path = request.Path.Value ?? "";
        Func<HttpContext, Task>? page = path == options.TelemetryPath ? _metrics.WriteAsync : path switch
        {
            "/" => LandingAsync,
            "/-/healthy" => HealthyAsync,
            "/-/ready" => ReadyAsync,
            "/api/v1/groups" => GroupsAsync,
            "/api/v1/shm" => ShmAsync,
            _ => null,
        };
        if (page is null)
        {
            return Answer.TextAsync(context, StatusCodes.Status404NotFound, "There is no such page; / lists those that there are.\n");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answer.TextAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are answered.\n");
        }

        return page(context);
    }

    private Task LandingAsync(HttpContext context) => Answer.HtmlAsync(context, LandingPage.Render(options.TelemetryPath, store.Current, options.ShowsDetails()));

    private Task HealthyAsync(HttpContext context) =>
        // A first pass over a large node may take a while; a sampler that stands still is not healthy.
        (store.Current is null && clock.GetElapsedTime(_started) < s_start) || Freshness.IsFresh(store.Current, clock, options.Interval())
            ? Answer.TextAsync(context, StatusCodes.Status200OK, "healthy\n")
            : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "the sampler has published nothing for three intervals\n");

    private Task ReadyAsync(HttpContext context) =>
        Freshness.IsFresh(store.Current, clock, options.Interval())
            ? Answer.TextAsync(context, StatusCodes.Status200OK, "ready\n")
            : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "no fresh snapshot\n");

    private Task GroupsAsync(HttpContext context) => JsonAsync(context, SnapshotJson.WriteGroups);

    private Task ShmAsync(HttpContext context) => JsonAsync(context, ShmJson.Write);

    private Task JsonAsync(HttpContext context, Action<Utf8JsonWriter, View> write) => store.Current is { } snapshot
        ? Answer.JsonAsync(context, writer => write(writer, new View(snapshot, clock.GetTimestamp(), clock)))
        : Answer.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "no snapshot yet\n");
}
