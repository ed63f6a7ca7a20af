namespace MapAgent.Shm;

/// <summary>
/// How far finding a path may go. A lookup that asks a filesystem may wait for its server for ever, in a state that not even a
/// kill ends, and whoever owns a mount namespace can put such a filesystem there between two calls.
/// </summary>
internal enum Lookup
{
    /// <summary>Only what the kernel has at hand, which every mount point and all above it are.</summary>
    AtHand,

    /// <summary>The same; but before Linux 5.12, where the kernel cannot be asked for that, the filesystems.</summary>
    AtHandWhereKnown,

    /// <summary>The filesystems too: all mounts are local, and nobody but the node's own root mounts there.</summary>
    Local,
}
