namespace MapAgent.Host;

/// <summary>What a memory cgroup says of itself and all below it. Null is what it does not say.</summary>
/// <param name="ShmemBytes">Shared memory that is charged to it.</param>
/// <param name="LimitBytes">The most it may be charged; null also when there is no limit.</param>
/// <param name="UsageBytes">What is charged to it, page cache included.</param>
/// <param name="MajorFaults">Faults that waited for a disk, since it was made.</param>
/// <param name="Refaults">Pages read back soon after they were evicted, since it was made.</param>
internal readonly record struct CgroupMemory(long? ShmemBytes, long? LimitBytes, long? UsageBytes, long? MajorFaults, long? Refaults);
