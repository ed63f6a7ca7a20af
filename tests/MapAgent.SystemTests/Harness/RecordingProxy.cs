using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MapAgent.SystemTests.Harness;

/// <summary>Stands between a Prometheus and an agent: notes what is asked and answered, and can ask for the text format instead.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly ConcurrentQueue<Exchange> _exchanges = [];
    private readonly Uri _target;
    private readonly bool _textOnly;
    private WebApplication? _app;

    private RecordingProxy(Uri target, bool textOnly)
    {
        _target = target;
        _textOnly = textOnly;
    }

    /// <summary>Its address for a scrape configuration.</summary>
    public string Address => new Uri(_app!.Urls.First()).Authority;

    /// <summary>All that went through.</summary>
    public IReadOnlyList<Exchange> Exchanges => [.. _exchanges];

    /// <summary>Starts it.</summary>
    public static async Task<RecordingProxy> StartAsync(Uri target, bool textOnly)
    {
        RecordingProxy proxy = new(target, textOnly);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        proxy._app = builder.Build();
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        string accept = _textOnly ? "text/plain;version=0.0.4" : context.Request.Headers.Accept.ToString();
        using HttpRequestMessage request = new(HttpMethod.Get, _target);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", context.Request.Headers.AcceptEncoding.ToString());
        using HttpResponseMessage answer = await _client.SendAsync(request);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        string encoding = string.Join(",", answer.Content.Headers.ContentEncoding);
        _exchanges.Enqueue(new Exchange((int)answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), encoding));
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType.ToString();
        context.Response.Headers.ContentEncoding = encoding;
        await context.Response.Body.WriteAsync(body);
    }

    /// <summary>One scrape that went through.</summary>
    internal sealed record Exchange(int Status, string ContentType, string Encoding);
}
