using System;
using MapAgent.Host;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Hosting;

/// <summary>The chain from a procfs root to a pass, for the server and for the commands that measure once.</summary>
internal sealed class Measuring : IDisposable
{
    private readonly ProcReader _watchReader;

    /// <summary>Opens the root.</summary>
    /// <exception cref="System.IO.IOException">The root cannot be opened.</exception>
    public Measuring(ProcRoot root, TimeProvider clock, PassTimes times)
    {
        Reader = new ProcReader(root);
        // Another system's root (a container's host, a captured tree) has users of its own; its passwd is not at hand.
        UserNames users = new(root.IsOwnSystem ? "/etc/passwd" : null, clock);
        // The clock's thread looks at shm mounts through a reader of its own.
        _watchReader = new ProcReader(root);
        Watch = new PeakWatch(_watchReader);
        Stalls = new StallWatch(Reader);
        Pass = new Pass(Reader, SystemFacts.Read(Reader), clock, users, times) { Watch = Watch, Stalls = Stalls };
    }

    /// <summary>The reader that the pass uses.</summary>
    public ProcReader Reader { get; }

    /// <summary>The pass.</summary>
    public Pass Pass { get; }

    /// <summary>Looks at the shm mounts between passes when it is told to.</summary>
    public PeakWatch Watch { get; }

    /// <summary>Counts stalls for memory once it is started.</summary>
    public StallWatch Stalls { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stalls.Dispose();
        Reader.Dispose();
        _watchReader.Dispose();
    }
}
