namespace MapAgent.Shm;

/// <summary>What statfs says of a tmpfs instance (mm/shmem.c, shmem_statfs). Swapped out pages count as used.</summary>
/// <param name="InstanceId">Differs between instances where the kernel gives them one (about 6.6 and later); else 0.</param>
/// <param name="SizeBytes">Null when it is not limited.</param>
/// <param name="UsedBytes">Null when it is not limited: then the kernel does not count.</param>
/// <param name="Inodes">Null when they are not limited.</param>
/// <param name="InodesUsed">The root directory left out; null when they are not limited.</param>
internal readonly record struct Usage(ulong InstanceId, long? SizeBytes, long? UsedBytes, long? Inodes, long? InodesUsed);
