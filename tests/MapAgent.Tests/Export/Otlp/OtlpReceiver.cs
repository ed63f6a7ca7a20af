using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace MapAgent.Tests.Export.Otlp;

/// <summary>Takes metrics by OTLP as a collector does: protocol buffers over HTTP/1.1, or gRPC over HTTP/2, on loopback.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string HttpPath = "/v1/metrics";
    public const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private readonly WebApplication _app;
    private readonly bool _grpc;
    private readonly CancellationTokenSource _gone = new();

    private OtlpReceiver(WebApplication app, bool grpc)
    {
        _app = app;
        _grpc = grpc;
    }

    /// <summary>What came, oldest first.</summary>
    public ConcurrentQueue<OtlpRequestText> Requests { get; } = [];

    /// <summary>Headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>Connections on which something came.</summary>
    public HashSet<string> Connections { get; } = [];

    /// <summary>The answer to what is taken; by default that all was accepted.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>Called after each request that was taken.</summary>
    public Action? Took { get; set; }

    /// <summary>Requests that were begun, whatever was made of them.</summary>
    public int Begun { get; private set; }

    /// <summary>Does something else than to accept; null accepts.</summary>
    public Func<HttpContext, CancellationToken, Task>? Misbehave { get; set; }

    /// <summary>The address to send to.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts one.</summary>
    /// <param name="grpc">The protocol.</param>
    /// <param name="tls">Certificates; null for none.</param>
    /// <param name="port">Where to listen; 0 chooses.</param>
    public static async Task<OtlpReceiver> StartAsync(bool grpc, Action<HttpsConnectionAdapterOptions>? tls = null, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = 4 << 20;
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
                if (tls is not null)
                {
                    listen.UseHttps(tls);
                }
            });
        });
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        WebApplication app = builder.Build();
        OtlpReceiver receiver = new(app, grpc);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>All points of the requests so far, newest snapshot last.</summary>
    public OtlpPoint[] Points() => [.. Requests.SelectMany(static request => request.Points)];

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _gone.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        Begun++;
        if (Misbehave is { } misbehave)
        {
            await misbehave(context, _gone.Token);
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        Headers = context.Request.Headers.ToDictionary(static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString());
        byte[] bytes = body.ToArray();
        if (context.Request.Path != (_grpc ? GrpcPath : HttpPath) || context.Request.ContentType != (_grpc ? "application/grpc" : "application/x-protobuf"))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        bool packed = Headers.GetValueOrDefault(_grpc ? "grpc-encoding" : "content-encoding") == "gzip";
        if (_grpc)
        {
            // One message: whether it is compressed, its length, and nothing after it.
            if (bytes[0] != (packed ? 1 : 0) || BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)) != bytes.Length - 5)
            {
                throw new InvalidDataException("no gRPC frame");
            }

            bytes = bytes[5..];
        }

        if (packed)
        {
            using MemoryStream small = new(bytes);
            await using GZipStream gzip = new(small, CompressionMode.Decompress);
            using MemoryStream plain = new();
            await gzip.CopyToAsync(plain);
            bytes = plain.ToArray();
        }

        Requests.Enqueue(new OtlpRequestText(bytes));
        Connections.Add(context.Connection.Id);
        Took?.Invoke();
        await AnswerAsync(context, Answer, "0");
    }

    /// <summary>An answer of the protocol.</summary>
    public async Task AnswerAsync(HttpContext context, byte[] message, string status)
    {
        context.Response.ContentType = _grpc ? "application/grpc" : "application/x-protobuf";
        if (!_grpc)
        {
            await context.Response.Body.WriteAsync(message);
            return;
        }

        context.Response.DeclareTrailer("grpc-status");
        byte[] frame = [0, 0, 0, 0, (byte)message.Length, .. message];
        await context.Response.Body.WriteAsync(frame);
        context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = status;
    }
}
