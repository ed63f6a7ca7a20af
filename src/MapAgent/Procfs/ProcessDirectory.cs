using System;

namespace MapAgent.Procfs;

/// <summary>An open /proc/PID. Dispose closes the descriptor.</summary>
internal readonly struct ProcessDirectory(int descriptor, int pid) : IDisposable
{
    /// <summary>The O_PATH descriptor.</summary>
    public int Descriptor { get; } = descriptor;

    /// <summary>The pid it was opened for.</summary>
    public int Pid { get; } = pid;

    /// <inheritdoc/>
    public void Dispose() => Libc.Close(Descriptor);
}
