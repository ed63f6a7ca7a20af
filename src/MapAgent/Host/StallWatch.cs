using System;
using MapAgent.Procfs;

namespace MapAgent.Host;

/// <summary>Counts the stalls of some and of all tasks.</summary>
internal sealed class StallWatch(ProcReader reader) : IDisposable
{
    /// <summary>Windows in which some task waited.</summary>
    public StallCount Some { get; } = new(reader, "some");

    /// <summary>Windows in which all tasks waited at once.</summary>
    public StallCount Full { get; } = new(reader, "full");

    /// <summary>Begins to count.</summary>
    public void Start()
    {
        Some.Start();
        Full.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Some.Dispose();
        Full.Dispose();
    }
}
