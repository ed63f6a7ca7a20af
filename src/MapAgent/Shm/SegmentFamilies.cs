using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;

namespace MapAgent.Shm;

/// <summary>A family of segments by name.</summary>
/// <param name="Pattern">Its name and its pattern: <c>*</c> stands for anything, <c>?</c> for one character.</param>
/// <param name="IsIdleByDesign">Segments of it lie about unused without being left behind: locks, named semaphores.</param>
internal sealed record SegmentFamily(string Pattern, bool IsIdleByDesign = false);

/// <summary>Which program's segments bear which names. The first pattern that fits the path below the mount decides.</summary>
internal sealed class SegmentFamilies
{
    /// <summary>What no pattern fits.</summary>
    public static readonly SegmentFamily Other = new("other");

    private static readonly SegmentFamily[] s_shipped =
    [
        new("PostgreSQL.*"),
        new("torch_*"),
        // Python's multiprocessing: shared_memory.SharedMemory, and the arenas of Array and Value.
        new("psm_*"),
        new("pymp-*"),
        new("sem.*", IsIdleByDesign: true),
        new("nccl-*"),
        new("cuda.shm.*"),
        new("ucx_shm_posix_*"),
        new("vader_segment.*"),
        new("sm_segment.*"),
        new("open_mpi.*"),
        new("mpich_shar_tmp*"),
        new("psm2_shm.*"),
        new("cmx*"),
        new("fastrtps_*"),
        new("fast_datasharing*"),
        new("fastdds_*"),
        new("plasma*"),
        new("aeron-*"),
        new("ora_*"),
        new(".org.chromium.*"),
        new(".com.google.Chrome.*"),
        new("org.mozilla.ipc.*"),
        new("wayland.mozilla.ipc.*"),
        new("pulse-shm-*"),
        new("lttng-ust-*"),
        new("jack*"),
        new("libpod_lock*", IsIdleByDesign: true),
        new("libpod_rootless_lock*", IsIdleByDesign: true),
    ];

    private readonly SegmentFamily[] _families;

    /// <summary>The shipped families behind those of the configuration.</summary>
    public SegmentFamilies(IEnumerable<string> own) =>
        _families = [.. own.Select(static pattern => new SegmentFamily(pattern)), .. s_shipped];

    /// <summary>All of them, in the order in which they are asked.</summary>
    public IReadOnlyList<SegmentFamily> All => _families;

    /// <summary>The family of a path below the mount.</summary>
    public SegmentFamily Of(ReadOnlySpan<char> path)
    {
        foreach (SegmentFamily family in _families)
        {
            if (FileSystemName.MatchesSimpleExpression(family.Pattern, path, ignoreCase: false))
            {
                return family;
            }
        }

        return Other;
    }
}
