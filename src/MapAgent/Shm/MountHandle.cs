using System;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>A place inside a process's root, opened by O_PATH. To be closed at once: an open one keeps a container's mount busy.</summary>
/// <param name="Descriptor">The O_PATH descriptor.</param>
/// <param name="Device">The filesystem instance it is on.</param>
/// <param name="MountId">The mount, as in mountinfo; 0 where the kernel does not say.</param>
/// <param name="IsMountRoot">Whether it is the top of that mount; null where the kernel does not say.</param>
internal readonly record struct MountHandle(int Descriptor, Device Device, ulong MountId, bool? IsMountRoot) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Libc.Close(Descriptor);
}
