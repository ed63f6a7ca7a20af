using System.Threading;

namespace MapAgent.Sampling;

/// <summary>Hands the newest snapshot from the sampler to everybody else: one reference write, no lock.</summary>
internal sealed class SnapshotStore
{
    private Snapshot? _current;

    /// <summary>The newest snapshot; null before the first pass has ended.</summary>
    public Snapshot? Current => Volatile.Read(ref _current);

    /// <summary>Replaces the newest snapshot.</summary>
    public void Publish(Snapshot snapshot) => Volatile.Write(ref _current, snapshot);
}
