namespace MapAgent.Sampling;

/// <summary>What the page cache holds of a mapped file.</summary>
/// <param name="File">The value of the label <c>file</c>.</param>
/// <param name="CachedRatio">The share of the file that is cached; null of an empty file.</param>
/// <param name="RecentlyEvictedBytes">What was taken out of the cache so lately that it still was in use.</param>
internal readonly record struct CachedFile(string File, double? CachedRatio, long RecentlyEvictedBytes);
