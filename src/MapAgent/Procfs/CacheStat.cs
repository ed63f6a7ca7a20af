using System;

namespace MapAgent.Procfs;

/// <summary>
/// What the page cache holds of one file, by cachestat(2) (struct cachestat, include/uapi/linux/mman.h); counts of pages. Since
/// Linux 6.5; from 6.12.12 on only who may write to the file is told, its owner, or who has CAP_FOWNER or CAP_DAC_OVERRIDE.
/// </summary>
/// <param name="Cached">In the cache.</param>
/// <param name="Dirty">Of them, changed and not yet written.</param>
/// <param name="Writeback">Of them, being written.</param>
/// <param name="Evicted">Taken out of it, as far as the kernel remembers.</param>
/// <param name="RecentlyEvicted">Of these, so lately that reading them back counts as a refault of the working set.</param>
/// <param name="FileBytes">How long the file is.</param>
internal readonly record struct CacheStat(long Cached, long Dirty, long Writeback, long Evicted, long RecentlyEvicted, long FileBytes)
{
    /// <summary>The share of the file that is in the cache; null of an empty file.</summary>
    public double? CachedRatio(long pageSize) =>
        FileBytes > 0 ? Math.Min(1, Cached / (double)((FileBytes + pageSize - 1) / pageSize)) : null;
}
