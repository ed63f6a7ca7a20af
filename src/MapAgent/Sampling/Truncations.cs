using System;

namespace MapAgent.Sampling;

/// <summary>The bounds that can bite, as values of the label <c>what</c>.</summary>
internal enum Truncation
{
    /// <summary>More processes on the node than one pass takes.</summary>
    Processes,

    /// <summary>A process whose group would have been one too many.</summary>
    Groups,

    /// <summary>A process that shares a series because enough have one of their own.</summary>
    PerProcess,

    /// <summary>A label value that was cut.</summary>
    Label,

    /// <summary>A group without members whose counters were forgotten before their hour.</summary>
    DormantGroups,

    /// <summary>A command line of which only the first part was looked at.</summary>
    Cmdline,

    /// <summary>Any other kernel file that was cut.</summary>
    File,

    /// <summary>Names of a shm mount that were not listed, or a shm mount that was left out.</summary>
    Shm,

    /// <summary>A process with more mappings, files or filesystems than a deep read takes.</summary>
    Mappings,

    /// <summary>Files of storms whose page cache was not asked for: too many at once, or the round before has not come back.</summary>
    FileCache,

    /// <summary>A process that the rules were not asked about in a pass, because asking had taken half of its interval.</summary>
    Matching,
}

/// <summary>Counts every time a bound bit. Written by the pass; snapshots hold copies.</summary>
internal sealed class Truncations
{
    private static readonly string[] s_labels = ["processes", "groups", "per_process", "label", "dormant_groups", "cmdline", "file", "shm", "mappings", "file_cache", "matching"];
    private readonly long[] _counts = new long[s_labels.Length];

    /// <summary>All bounds, in the order of their counts.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>How often the bound bit.</summary>
    public long this[Truncation what] => _counts[(int)what];

    /// <summary>Counts.</summary>
    public void Record(Truncation what, long times = 1) => _counts[(int)what] += times;

    /// <summary>Takes over a count that is kept elsewhere.</summary>
    public void Set(Truncation what, long count) => _counts[(int)what] = count;

    /// <summary>An independent copy for a snapshot.</summary>
    public Truncations Copy()
    {
        Truncations copy = new();
        _counts.AsSpan().CopyTo(copy._counts);
        return copy;
    }
}
