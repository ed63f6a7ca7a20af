using System;
using System.Collections.Generic;
using System.Threading;

namespace MapAgent.Identity;

/// <summary>One place that knows names. Called by one thread; may block.</summary>
internal abstract class NameSource(SourceKind kind) : IDisposable
{
    /// <summary>Which one.</summary>
    public SourceKind Kind { get; } = kind;

    /// <summary>Asks it.</summary>
    /// <param name="unnamed">The containers that have no name yet, for sources that cannot tell all.</param>
    /// <param name="found">Takes the names.</param>
    /// <param name="cancel">Set when the time is over or the agent ends.</param>
    public abstract LookupOutcome Look(IReadOnlyList<UnnamedContainer> unnamed, FoundNames found, CancellationToken cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
