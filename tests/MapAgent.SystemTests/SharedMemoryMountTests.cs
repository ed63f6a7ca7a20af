using System;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Which shm mounts are found, and how much is in them.</summary>
public sealed class SharedMemoryMountTests
{
    private const string Fast = "sampling: {interval: 200ms}\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_mount_of_another_namespace_is_there_once_to_the_page_and_goes_with_it()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "write /dev/shm/file 301");
        await using Victim second = await space.JoinAsync("map /dev/shm/mapped 8");
        (string label, string device) = (space.Label, space.Device);
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await space.ListedAsync(agent);
        Assert.Equal(1 << 20, space.Value(page, "size_bytes"));
        Assert.Equal((76 + 2) * 4096, space.Value(page, "used_bytes"));
        Assert.Equal((76 + 2) * 4096, space.Value(page, "used_peak_bytes"));
        Assert.Equal(2, space.Value(page, "inodes_used"));
        Assert.Equal(2, space.Value(page, "segments"));
        Assert.Equal(0, space.Value(page, "unlinked_bytes"));
        Assert.Equal((76 + 2) * 4096, space.Family(page, "other"));
        Assert.Equal(await Kernel.StatFsAsync($"/proc/{space.Pid}/root/dev/shm"), Numbers(page, label));
        Assert.Single(page.Find("mapagent_shm_size_bytes"), sample => sample["mount"]!.Contains($"[{device}]", StringComparison.Ordinal));

        await second.DisposeAsync();
        await space.DisposeAsync();
        await agent.ScrapeUntilAsync("its end", page => page.Samples.All(sample => sample["mount"] != label));
        await agent.StopAsync();
    }

    [Fact]
    public async Task The_nodes_own_mount_is_there_once_with_the_kernels_numbers()
    {
        await using ShmSpace space = await ShmSpace.StartAsync();
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        await Wait.UntilAsync("agreement with the kernel", s_patience, async () =>
        {
            (long, long, long, long) before = await Kernel.StatFsAsync("/dev/shm");
            (long, long, long, long) seen = Numbers(await agent.MeasureAsync(), "/dev/shm");
            return before == seen && before == await Kernel.StatFsAsync("/dev/shm");
        });
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_process_that_moves_to_another_namespace_is_found_there_and_the_others_stay_where_they_are()
    {
        // The one that moves is the first through which the namespace is seen.
        await using ShmSpace space = await ShmSpace.StartAsync();
        await using Victim stays = await space.JoinAsync("write /dev/shm/file 12");
        string label = space.Label;
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        await agent.ScrapeUntilAsync("a few passes", static page => Passes(page) >= 5);
        await space.DoAsync("unshare 2048");
        double from = Passes(await agent.ScrapeAsync());
        Exposition page = await agent.ScrapeUntilAsync("the new mount", page =>
        {
            Assert.Equal(12 * 1024, page.Value("mapagent_shm_used_bytes", ("mount", label)));
            return space.Value(page, "size_bytes") is not null;
        });
        Assert.NotEqual(label, space.Label);
        Assert.Equal(2 << 20, space.Value(page, "size_bytes"));
        Assert.InRange(Passes(page), from, from + 8);
        await agent.StopAsync();
    }

    [Fact]
    public async Task Of_mounts_on_one_path_the_topmost_counts_and_one_below_another_path_is_not_added()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "write /dev/shm/hidden 400");
        string hidden = space.Label;
        await space.RunAsync("sh", "-c", "mount -t tmpfs -o size=3m tmpfs /dev/shm && mkdir /dev/shm/sub && mount -t tmpfs -o size=2m tmpfs /dev/shm/sub");
        await using Victim writer = await space.JoinAsync("write /dev/shm/sub/file 64", "write /dev/shm/file 8");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("a few passes", static page => Passes(page) >= 5);
        Assert.Equal(3 << 20, space.Value(page, "size_bytes"));
        Assert.Equal(8192, space.Value(page, "used_bytes"));
        // What the mount on sub hides may have any size.
        Assert.Null(space.Value(page, "segments"));
        Assert.Null(space.Value(page, "unlinked_bytes"));
        Assert.Null(page.Value("mapagent_shm_size_bytes", ("mount", hidden)));
        Assert.DoesNotContain(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 2 << 20);
        await agent.StopAsync();
    }

    [Fact]
    public async Task Other_paths_are_looked_at_when_asked_for_and_a_mount_on_two_of_them_counts_once()
    {
        using TemporaryFolder folder = new();
        string mount = $"mount -t tmpfs -o size=1m tmpfs /dev/shm; mkdir {folder.Path}/other {folder.Path}/same; "
            + $"mount -t tmpfs -o size=5m tmpfs {folder.Path}/other; mount --bind /dev/shm {folder.Path}/same";
        await using ShmSpace space = await ShmSpace.StartWithAsync(mount, "write /dev/shm/file 4", $"write {folder.Path}/other/file 20");
        await using Agent agent = await Agent.StartAsync(configuration: Fast + $"shm: {{paths: ['{folder.Path}/other', '{folder.Path}/same']}}\n");
        Exposition page = await agent.ScrapeAsync();
        string device = ShmSpace.Mounts(space.Pid).Last(mount => mount.Point == folder.File("other")).Device;
        Assert.Equal(5 << 20, page.Value("mapagent_shm_size_bytes", ("mount", $"{folder.Path}/other[{device}]")));
        Assert.Equal(20 * 1024, page.Value("mapagent_shm_used_bytes", ("mount", $"{folder.Path}/other[{device}]")));
        Assert.Equal(4096, space.Value(page, "used_bytes"));
        Assert.DoesNotContain(page.Find("mapagent_shm_size_bytes"), sample => sample["mount"]!.StartsWith(folder.File("same"), StringComparison.Ordinal));
        await agent.StopAsync();
    }

    private static (long Size, long Used, long Inodes, long InodesUsed) Numbers(Exposition page, string mount)
    {
        long Of(string family) => (long)(page.Value($"mapagent_shm_{family}", ("mount", mount)) ?? -1);
        return (Of("size_bytes"), Of("used_bytes"), Of("inodes"), Of("inodes_used"));
    }

    private static double Passes(Exposition page) => page.Value("mapagent_pass_duration_seconds_count")!.Value;
}
