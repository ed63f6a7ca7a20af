using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using MapAgent.Hosting.Configuration;
using MapAgent.Sampling;
using Microsoft.Extensions.Logging;

namespace MapAgent.Hosting;

/// <summary>
/// Reads the configuration again on SIGHUP. A bad one is refused, logged and shown by a gauge; the one in force stays. Without this the
/// signal ends the process.
/// </summary>
internal sealed class Reloading : IDisposable
{
    private readonly FlagValues _flags;
    private readonly Sampler _sampler;
    private readonly ServiceNotifier _notifier;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration _signal;
    private readonly Lock _one = new();

    /// <summary>Listens from now on.</summary>
    public Reloading(FlagValues flags, AgentConfiguration first, Sampler sampler, ServiceNotifier notifier, ILogger<Reloading> logger)
    {
        _flags = flags;
        _sampler = sampler;
        _notifier = notifier;
        _logger = logger;
        Sampling = first.Sampling;
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            // Signals come on several threads. Whoever waits reads the file afterwards, so that the newest is in force at the end.
            lock (_one)
            {
                Reload();
            }
        });
    }

    /// <summary>When and how much is read, as it is in force.</summary>
    public SamplingOptions Sampling { get; private set; }

    /// <summary>The sampling interval in force.</summary>
    public TimeSpan Interval => Sampling.Interval;

    /// <summary>Called with each configuration that was taken over.</summary>
    public Action<AgentConfiguration>? Accepted { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    private void Reload()
    {
        _notifier.Reloading();
        AgentConfiguration? configuration = ConfigurationReader.Read(
            _flags.ConfigFile, Environment.GetEnvironmentVariables(), out IReadOnlyList<ConfigurationIssue> issues);
        foreach (ConfigurationIssue issue in issues)
        {
            if (issue.IsWarning)
            {
                Log.Issue(_logger, issue.ToString());
            }
            else
            {
                Log.ReloadIssue(_logger, issue.ToString());
            }
        }

        if (configuration is null)
        {
            _sampler.ReloadFailed();
            Log.ReloadRefused(_logger);
        }
        else
        {
            Sampling = configuration.Sampling;
            // First: the pass that the sampler then runs asks for names under the new options.
            Accepted?.Invoke(configuration);
            _sampler.Reload(configuration.ToSetup());
        }

        _notifier.Reloaded(configuration is not null);
    }
}
