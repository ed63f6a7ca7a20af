using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.Sampling;
using MapAgent.Shm;
using MapAgent.Tests.Export;

namespace MapAgent.Tests.Docs;

/// <summary>A busy node in the default configuration, whose series are counted.</summary>
internal static class NodeOfGroups
{
    /// <summary>Containers with a /dev/shm of their own, and the node's.</summary>
    public const int Mounts = 21;

    /// <summary>Programs that have left segments in each.</summary>
    public const int Families = 3;

    /// <summary>The page of a node with so many groups.</summary>
    public static async Task<ScrapeText> ScrapeAsync(int groups)
    {
        using ProcTree tree = new ProcTree().WithNode().WithSelf(100, 5).With("sys/vm/max_map_count", "65530\n");
        for (int i = 0; i < groups; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            tree.WithProcess(100 + i, new StatLine { Comm = "service" + number, ResidentPages = $"{1000 + i}" })
                .With(100 + i, "smaps", Smaps().ToString())
                .With(100 + i, "mountinfo", "40 30 254:0 / / rw - ext4 /dev/vda rw\n");
        }

        // What is read must not depend on how fast the machine of the test is.
        using Page page = new(tree, PassSetup.Default with { Sampling = new SamplingOptions { CpuBudget = 1 } });
        page.Measure();
        page.Clock.Advance(TimeSpan.FromSeconds(15));
        ShmMountValues mount = Page.Mounted("", "torch_*").Mounts[0];
        Snapshot snapshot = page.Measure();
        return await page.RenderAsync(snapshot with
        {
            Shm = Page.Mounted("", "") with
            {
                Mounts = [.. Enumerable.Range(0, Mounts).Select(i => mount with
                {
                    Mount = $"/dev/shm[0:{i}]",
                    Families = [.. Enumerable.Range(0, Families).Select(static family => new FamilyBytes($"family{family}_*", 4096, 1))],
                })],
            },
        });
    }

    // What a server program maps: every kind that is not rare, a hint, and more files than are told apart.
    private static SmapsText Smaps()
    {
        SmapsText text = new();
        for (int i = 0; i < 20; i++)
        {
            text.AddFile($"/usr/lib/lib{i}.so", (ulong)(100 + i), rss: 64, rights: "r-xp");
        }

        return text.AddFile("/var/lib/data", 50, rss: 64, rights: "rw-s")
            .Add("[heap]", rss: 64, dirty: 64)
            .Add(rss: 64, dirty: 64, flags: "rd wr mr mw me ac hg")
            .Add(rss: 64, dirty: 64, rights: "rwxp", flags: "rd wr ex mr mw me ac")
            .Add("/dev/zero (deleted)", rights: "rw-s", device: "00:01", inode: 7, rss: 64)
            .Add("/memfd:buffer (deleted)", rights: "rw-s", device: "00:01", inode: 8, rss: 64)
            .Add("[stack]", rss: 8, dirty: 8, flags: "rd wr mr mw me gd ac")
            .Add("[vdso]", rights: "r-xp", kib: 8, rss: 4, flags: "rd ex mr mw me de");
    }
}
