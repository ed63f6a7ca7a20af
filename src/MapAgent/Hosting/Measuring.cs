using System;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;

namespace MapAgent.Hosting;

/// <summary>The chain from a procfs root to a pass, for the server and for the commands that measure once.</summary>
internal sealed class Measuring : IDisposable
{
    /// <summary>Opens the root.</summary>
    /// <exception cref="System.IO.IOException">The root cannot be opened.</exception>
    public Measuring(ProcRoot root, TimeProvider clock, PassTimes times)
    {
        Reader = new ProcReader(root);
        // Another system's root (a container's host, a captured tree) has users of its own; its passwd is not at hand.
        UserNames users = new(root.IsOwnSystem ? "/etc/passwd" : null, clock);
        Pass = new Pass(Reader, SystemFacts.Read(Reader), clock, users, times);
    }

    /// <summary>The reader that the pass uses.</summary>
    public ProcReader Reader { get; }

    /// <summary>The pass.</summary>
    public Pass Pass { get; }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();
}
