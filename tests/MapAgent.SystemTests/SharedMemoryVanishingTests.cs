using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Mounts that go away, hang or have no bottom.</summary>
public sealed class SharedMemoryVanishingTests
{
    private const string Fast = "sampling: {interval: 200ms}\nshm: {interval: 100ms}\n";

    [Fact]
    public async Task A_mount_that_goes_away_takes_its_series_with_it_and_nothing_else()
    {
        await using ShmSpace stays = await ShmSpace.StartAsync("size=1m", "write /dev/shm/file 4");
        await using ShmSpace space = await ShmSpace.StartAsync();
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 100ms}\nshm: {interval: 100ms}\n");
        for (int i = 0; i < 20; i++)
        {
            // The agent may be looking at it in this very moment; it keeps nothing open for longer.
            await space.RunAsync("sh", "-c", "umount /dev/shm || { sleep 0.05 && umount /dev/shm; }");
            Assert.Equal(4096, stays.Value(await agent.ScrapeAsync(), "used_bytes"));
            await space.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/dev/shm");
            Assert.Equal(4096, stays.Value(await agent.ScrapeAsync(), "used_bytes"));
        }

        string label = space.Label;
        await agent.ScrapeUntilAsync("the mount", page => space.Value(page, "size_bytes") == 1 << 20);
        await space.RunAsync("umount", "-l", "/dev/shm");
        await agent.ScrapeUntilAsync("its end", page => page.Samples.All(sample => sample["mount"] != label));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_tree_is_walked_without_following_links_and_not_for_ever()
    {
        await using ShmSpace tree = await ShmSpace.StartAsync("size=1m", "deep /dev/shm 10");
        await tree.RunAsync("sh", "-c", "ln -s /usr /dev/shm/link && ln -s . /dev/shm/self && mkfifo /dev/shm/pipe && ln /dev/shm/d/d/d/d/d/d/d/d/d/d/page /dev/shm/second");
        await using ShmSpace abyss = await ShmSpace.StartAsync("size=1m", "deep /dev/shm 40");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await tree.ListedAsync(agent);
        // The page has two names, and is one segment.
        Assert.Equal(4, tree.Value(page, "segments"));
        Assert.Equal(4096, tree.Family(page, "other"));
        Assert.Equal(4096, tree.Value(page, "used_bytes"));
        Assert.Equal(0, tree.Value(page, "unlinked_bytes"));
        Assert.Equal(4096, abyss.Value(page, "used_bytes"));
        Assert.Null(abyss.Value(page, "segments"));
        Assert.Null(abyss.Value(page, "unlinked_bytes"));
        Assert.InRange(page.Value("mapagent_truncations_total", ("what", "shm"))!.Value, 1, double.MaxValue);
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_filesystem_that_never_answers_holds_nobody_up()
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no /dev/fuse");
        await using ShmSpace here = await ShmSpace.StartWithAsync(":", "fuse /dev/shm");
        await using ShmSpace below = await ShmSpace.StartWithAsync("mount -t tmpfs -o size=1m tmpfs /dev/shm; mkdir /dev/shm/sub", "fuse /dev/shm/sub", "write /dev/shm/file 4");
        await using ShmSpace above = await ShmSpace.StartWithAsync(":", "fuse /dev");
        await using ShmSpace healthy = await ShmSpace.StartAsync("size=1m", "write /dev/shm/file 8");
        foreach (string path in new[] { $"/proc/{here.Pid}/root/dev/shm", $"/proc/{below.Pid}/root/dev/shm/sub", $"/proc/{above.Pid}/root/dev/shm" })
        {
            Assert.Equal((124, "", ""), await ChildProcess.RunAsync("timeout", ["1", "stat", "-f", path]));
        }

        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("twenty passes", static page => page.Value("mapagent_pass_duration_seconds_count") >= 20);
        Assert.Equal(8192, healthy.Value(page, "used_bytes"));
        Assert.Equal(4096, below.Value(page, "used_bytes"));
        Assert.Null(below.Value(page, "segments"));
        Assert.Null(here.Value(page, "size_bytes"));
        Assert.Equal(0, (await Agent.RunAsync("shm")).ExitCode);
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_filesystem_that_never_answers_and_comes_later_does_not_stop_the_clock_either()
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no /dev/fuse");
        await using ShmSpace hostile = await ShmSpace.StartAsync("size=1m", "write /dev/shm/file 4");
        await using ShmSpace healthy = await ShmSpace.StartAsync();
        string label = hostile.Label;
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 2s}\nshm: {interval: 100ms}\n");
        await agent.ScrapeUntilAsync("both", page => page.Value("mapagent_shm_used_bytes", ("mount", label)) == 4096 && healthy.Value(page, "used_bytes") == 0);
        await hostile.DoAsync("fuse /dev");
        await agent.ScrapeUntilAsync("the end of what lies below", page => page.Samples.All(sample => sample["mount"] != label));
        Exposition page = await agent.BetweenAsync(async () =>
        {
            await healthy.DoAsync("write /dev/shm/short 64");
            await Task.Delay(300, TestContext.Current.CancellationToken);
            await healthy.DoAsync("unlink /dev/shm/short");
        });
        Assert.Equal(0, healthy.Value(page, "used_bytes"));
        Assert.Equal(64 * 1024, healthy.Value(page, "used_peak_bytes"));
        await agent.StopAsync();
    }
}
