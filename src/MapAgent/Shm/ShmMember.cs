using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>What Shm remembers of one process.</summary>
internal sealed class ShmMember(ProcessId id)
{
    /// <summary>Who it is.</summary>
    public ProcessId Id { get; } = id;

    /// <summary>Number of its mount namespace; 0 where the link may not be read.</summary>
    public ulong MountNamespace { get; set; }

    /// <summary>Number of its IPC namespace; 0 where the link may not be read.</summary>
    public ulong IpcNamespace { get; set; }

    /// <summary>Number of the last round that looked into it.</summary>
    public long Round { get; set; }

    /// <summary>Passes since it was first seen.</summary>
    public int Passes { get; set; }
}
