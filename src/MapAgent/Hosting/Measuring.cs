using System;
using MapAgent.Host;
using MapAgent.Hosting.Configuration;
using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MapAgent.Hosting;

/// <summary>The chain from a procfs root to a pass, for the server and for the commands that measure once.</summary>
internal sealed class Measuring : IDisposable
{
    private readonly ProcReader _watchReader;
    private readonly CgroupMemoryReading _cgroups;

    /// <summary>Opens the root.</summary>
    /// <exception cref="System.IO.IOException">The root cannot be opened.</exception>
    public Measuring(ProcRoot root, string cgroups, TimeProvider clock, PassTimes times, ILogger? logger = null)
    {
        Reader = new ProcReader(root);
        // Another system's root (a container's host, a captured tree) has users of its own; its passwd is not at hand.
        UserNames users = new(root.IsOwnSystem ? "/etc/passwd" : null, clock);
        // The clock's thread looks at shm mounts through a reader of its own.
        _watchReader = new ProcReader(root);
        Watch = new PeakWatch(_watchReader);
        Stalls = new StallWatch(Reader);
        Lookups = new Lookups(root, clock, logger ?? NullLogger.Instance);
        _cgroups = CgroupMemoryReading.Open(cgroups, AgentFlags.OwnCgroupfs, Reader.Ledger);
        Pass = new Pass(Reader, SystemFacts.Read(Reader), clock, users, times, Lookups) { Watch = Watch, Stalls = Stalls, Containers = new CgroupTurn(_cgroups, clock) };
    }

    /// <summary>The reader that the pass uses.</summary>
    public ProcReader Reader { get; }

    /// <summary>The pass.</summary>
    public Pass Pass { get; }

    /// <summary>Knows the names of pods and containers.</summary>
    public Lookups Lookups { get; }

    /// <summary>Looks at the shm mounts between passes when it is told to.</summary>
    public PeakWatch Watch { get; }

    /// <summary>Counts stalls for memory once it is started.</summary>
    public StallWatch Stalls { get; }

    /// <summary>For the commands that measure once: waits for the names as long as one lookup may take.</summary>
    public void Name(AgentConfiguration configuration)
    {
        Lookups.Configure(configuration.Kubernetes);
        Lookups.Begin(Reader, configuration.Kubernetes.Timeout + TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stalls.Dispose();
        Lookups.Dispose();
        _cgroups.Dispose();
        Reader.Dispose();
        _watchReader.Dispose();
    }
}
