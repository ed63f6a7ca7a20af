using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Export.Otlp;
using MapAgent.Hosting.Configuration;
using MapAgent.Identity;
using MapAgent.Sampling;
using MapAgent.Shm;
using MapAgent.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MapAgent.Hosting;

/// <summary>Composes the agent that serves, and runs it until it is told to stop.</summary>
internal sealed class AgentHost(FlagValues flags, AgentConfiguration configuration, WebFile webFile, TimeProvider clock)
{
    // For names at hand before the first pass; who answers later is heard in the second.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Serves until SIGTERM or SIGINT.</summary>
    /// <exception cref="IOException">The machine refused: the port is taken, or procfs cannot be read.</exception>
    public async Task RunAsync(string[] warnings)
    {
        NativeMemory.LimitArenas();
        using Serilog.Core.Logger serilog = Logging.Create(flags);
        SnapshotStore store = new();
        using Exposition exposition = new(clock) { Web = webFile.Counts };
        using ILoggerFactory loggers = new Serilog.Extensions.Logging.SerilogLoggerFactory(serilog);
        using Measuring measuring = new(flags.Root, flags.CgroupRoot, clock, exposition.Times, loggers.CreateLogger<Lookups>());
        using ServiceNotifier notifier = new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), clock, loggers.CreateLogger<ServiceNotifier>());
        Microsoft.Extensions.Logging.ILogger logger = loggers.CreateLogger<AgentHost>();
        using Sampler sampler = new(measuring.Pass, configuration.ToSetup(), store, clock, loggers.CreateLogger<Sampler>());
        TimeSpan watchInterval = configuration.Shm.Interval;
        using ITimer watch = clock.CreateTimer(static state => ((PeakWatch)state!).Tick(), measuring.Watch, watchInterval, watchInterval);
        sampler.Published = snapshot =>
        {
            notifier.Tell(snapshot);
            // After the first for those who look at once, after the second for what only the first and its scrapes ran through.
            if (snapshot.Passes <= 2)
            {
                NativeMemory.LetGoOfStart();
            }
        };
        using Reloading reloading = new(flags, configuration, sampler, notifier, loggers.CreateLogger<Reloading>());
        using OtlpSwitch otlp = new(store, exposition, clock, loggers.CreateLogger<OtlpSwitch>());
        otlp.Turn(SettingsOf(configuration));
        reloading.Accepted = accepted =>
        {
            watch.Change(accepted.Shm.Interval, accepted.Shm.Interval);
            measuring.Lookups.Configure(accepted.Kubernetes);
            otlp.Turn(SettingsOf(accepted));
        };
        using WebServer server = new(flags, webFile, clock, loggers.CreateLogger<WebServer>());
        using Inspector inspector = new(flags.Root, clock, measuring.Pass.OnDemand, () => reloading.Sampling);
        Routes routes = new(new WebOptions(flags.TelemetryPath, () => reloading.Interval, server.ShowsDetails), store, exposition, inspector, clock);
        Array.ForEach([.. warnings, .. server.Remarks], warning => Log.Issue(logger, warning));
        await using WebApplication app = server.Build(serilog, routes.HandleAsync);
        // First the port: an agent that cannot serve measures nothing.
        try
        {
            await app.StartAsync();
        }
        catch (SocketException error)
        {
            throw new IOException($"cannot listen on {string.Join(", ", flags.ListenAddresses)}: {error.Message}", error);
        }

        measuring.Stalls.Start();
        measuring.Lookups.Configure(configuration.Kubernetes);
        measuring.Lookups.Begin(measuring.Reader, s_patience);
        sampler.Start();
        Log.Started(logger, BuildFacts.Version, server.Url,
            flags.ConfigFile.Length > 0 ? flags.ConfigFile : "built-in", flags.Root.Path);
        notifier.Watch(store, () => reloading.Interval);
        notifier.Tell(store.Current, listening: true);
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            Log.Stopping(logger);
            notifier.Stopping();
        });
        await app.WaitForShutdownAsync();
    }

    // What the variables say was judged with the configuration.
    private OtlpSettings? SettingsOf(AgentConfiguration accepted) => accepted.IsOtlpEnabled
        ? OtlpSettings.Read(Environment.GetEnvironmentVariables(), $"{flags.ListenAddresses[0].Port}", static (_, _) => { })
        : null;
}
