using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using MapAgent.Export;
using MapAgent.Procfs;
using MapAgent.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;

namespace MapAgent.Hosting;

/// <summary>Kestrel, set up to serve what the routes answer to whom the web configuration lets in.</summary>
internal sealed class WebServer : IDisposable
{
    private const int Connections = 256;
    private const int StreamsPerConnection = 32;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);
    private readonly FlagValues _flags;
    private readonly WebFile _file;
    private readonly Refusals _refusals;
    private readonly ConnectionGate _gate;
    private readonly TimeProvider _clock;
    private readonly ITimer _letGo = TimeProvider.System.CreateTimer(
        static _ => NativeMemory.LetGoOfCrowd(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private Admission? _admission;

    /// <summary>Serves nothing yet.</summary>
    public WebServer(FlagValues flags, WebFile file, TimeProvider clock, ILogger<WebServer> logger)
    {
        _flags = flags;
        _file = file;
        _clock = clock;
        _refusals = new Refusals(file.Counts, clock, logger);
        _gate = new ConnectionGate(Connections, _refusals, clock);
        file.Logger = logger;
        _gate.Calmed = () => _letGo.Change(s_pause, Timeout.InfiniteTimeSpan);
        string? said = flags.Exposure.Remark(file.Current);
        Remarks = said is null ? [] : [said];
        ClientAuthentication clients = file.Current.Tls?.Clients ?? ClientAuthentication.None;
        file.Accepted = policy =>
        {
            ClientAuthentication before = clients;
            clients = policy.Tls?.Clients ?? ClientAuthentication.None;
            if (clients > before)
            {
                // A connection shows its certificate once, when it is opened.
                _gate.EndAll();
            }

            if (flags.Exposure.Remark(policy) is { } remark && remark != said)
            {
                Log.Issue(logger, remark);
            }

            said = flags.Exposure.Remark(policy);
        };
    }

    /// <summary>What an operator should know at the start.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Where the metrics are.</summary>
    public string Url
    {
        get
        {
            IPEndPoint endpoint = _flags.ListenAddresses[0];
            string host = _flags.UsesSystemdSocket ? "sockets-of-systemd"
                : endpoint.Address.Equals(IPAddress.IPv6Any) || endpoint.Address.Equals(IPAddress.Any) ? $"localhost:{endpoint.Port}"
                : endpoint.ToString();
            return $"{(_file.Current.Tls is null ? "http" : "https")}://{host}{_flags.TelemetryPath}";
        }
    }

    /// <summary>True when details of processes are shown at this moment under this name of the host.</summary>
    public bool ShowsDetails(HostString host) => _flags.Exposure.ShowsDetails(_file.Current, host);

    /// <inheritdoc/>
    public void Dispose()
    {
        _letGo.Dispose();
        _admission?.Dispose();
    }

    /// <summary>The application; it does not listen yet.</summary>
    /// <param name="serilog">Takes what the server says.</param>
    /// <param name="answer">Answers whoever was let in.</param>
    public WebApplication Build(Serilog.ILogger serilog, RequestDelegate answer)
    {
        _admission = new Admission(answer,
            new AdmissionOptions(_flags.Exposure, _flags.MaxRequests, _flags.ExemptsProbes, ThreadClock.Nanoseconds), () => _file.Current, _gate, _refusals, _clock);
        // The empty builder brings no configuration sources, no routing and no host filtering: 2.5 MB less resident.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = "/" });
        builder.Services.AddSerilog(serilog);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        WebApplication app = builder.Build();
        app.Run(_admission.HandleAsync);
        return app;
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Nothing here takes a body; clients that keep sockets or send slowly are let go. How many there are is the gate's matter.
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestLineSize = 4096;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Slower than any scrape that ends in time.
        options.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(5));
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        options.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        if (_flags.UsesSystemdSocket)
        {
            int before = 0;
            options.UseSystemd(listen =>
            {
                before++;
                Listen(listen);
            });
            if (before == 0)
            {
                throw new IOException("--web.systemd-socket: systemd passed no socket (LISTEN_PID and LISTEN_FDS); start the agent by a socket unit");
            }

            return;
        }

        foreach (IPEndPoint endpoint in _flags.ListenAddresses.Distinct())
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                options.ListenAnyIP(endpoint.Port, Listen);
            }
            else
            {
                options.Listen(endpoint, Listen);
            }
        }
    }

    private void Listen(ListenOptions listen)
    {
        bool tls = _file.Current.Tls is not null;
        listen.Protocols = tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        listen.Use(next => connection => _gate.RunAsync(connection, async place =>
        {
            await next(connection);
            if (tls && !place.HasShakenHands && !place.IsRefused)
            {
                _refusals.Add(WebRefusal.Handshake, place.From);
            }
        }));
        if (tls)
        {
            listen.UseHttps(new TlsHandshakes(() => _file.Current, _refusals).Options());
            listen.Use(static next => connection =>
            {
                connection.Features.Get<ConnectionPlace>()!.HasShakenHands = true;
                return next(connection);
            });
        }
    }
}
