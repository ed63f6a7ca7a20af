using System;
using System.Collections.Generic;

namespace MapAgent.Shm;

/// <summary>The section <c>shm</c> of the configuration.</summary>
internal sealed class ShmOptions
{
    /// <summary>How often the use of each mount is looked at, for the peak between two passes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the largest segments of a mount are kept with their names.</summary>
    public int Segments { get; set; } = 20;

    /// <summary>How long a segment must be without change and without a user, at least, before it is called unreferenced.</summary>
    public TimeSpan UnreferencedAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Where tmpfs mounts are looked for in every mount namespace, besides /dev/shm; absolute paths.</summary>
    public IReadOnlyList<string> Paths { get; set; } = [];

    /// <summary>Name patterns that are families of their own, asked before those that ship with the agent.</summary>
    public IReadOnlyList<string> Families { get; set; } = [];

    /// <summary>The most namespaces whose mounts are read anew in one pass; new ones come first.</summary>
    public int Namespaces { get; init; } = 64;

    /// <summary>The most entries of one mount that are listed.</summary>
    public int ListEntries { get; init; } = 20_000;

    /// <summary>The most time that listing all mounts takes in one pass.</summary>
    public TimeSpan ListTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>True for a person who asks once: what has no user now and is old counts as unreferenced, though nobody looked before.</summary>
    public bool LooksOnce { get; init; }

    /// <summary>The same for a person who asks: everything is listed, whatever it takes.</summary>
    public ShmOptions Unbounded() => new()
    {
        Interval = Interval,
        Segments = Segments,
        UnreferencedAfter = UnreferencedAfter,
        Paths = Paths,
        Families = Families,
        Namespaces = int.MaxValue,
        ListEntries = 10_000_000,
        ListTime = TimeSpan.FromMinutes(1),
        LooksOnce = true,
    };
}
