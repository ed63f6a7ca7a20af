using System.Globalization;
using System.Linq;
using System.Text;

namespace MapAgent.Tests;

/// <summary>Text of /proc/PID/smaps_rollup; all numbers are KiB. Parts that are not given are zero.</summary>
internal sealed record RollupText
{
    private const string Header = "55f376488000-7ffda13e8000 ---p 00000000 00:00 0                          [rollup]\n";

    public long Rss { get; init; } = 1300;

    public long Pss { get; init; } = 700;

    public long PssAnon { get; init; } = 600;

    public long SharedClean { get; init; } = 650;

    public long PrivateClean { get; init; } = 50;

    public long PrivateDirty { get; init; } = 600;

    public long Swap { get; init; } = 16;

    /// <summary>One text with the given lines only, under the kernel's header.</summary>
    public static string Of(params (string Name, long Kibibytes)[] fields) =>
        Header + string.Concat(fields.Select(static field => Line(field.Name, field.Kibibytes)));

    public override string ToString() => Of(
        ("Rss", Rss), ("Pss", Pss), ("Pss_Dirty", PrivateDirty), ("Pss_Anon", PssAnon), ("Pss_File", 0), ("Pss_Shmem", 0),
        ("Shared_Clean", SharedClean), ("Shared_Dirty", 0), ("Private_Clean", PrivateClean), ("Private_Dirty", PrivateDirty), ("Referenced", Rss),
        ("Anonymous", PssAnon), ("KSM", 0), ("LazyFree", 0), ("AnonHugePages", 0), ("ShmemPmdMapped", 0), ("FilePmdMapped", 0),
        ("Shared_Hugetlb", 0), ("Private_Hugetlb", 0), ("Swap", Swap), ("SwapPss", Swap), ("Locked", 0));

    private static string Line(string name, long kibibytes) =>
        new StringBuilder().Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{kibibytes,8} kB\n").ToString();
}
