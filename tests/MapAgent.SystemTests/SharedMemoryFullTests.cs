using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What fills up, and what is full for so short a time that no scrape would see it.</summary>
public sealed class SharedMemoryFullTests
{
    private const long Mebibyte = 1 << 20;
    private const int FillMebibytes = 400;
    private const int FillRate = 200;

    [Fact]
    public async Task A_fill_of_two_seconds_between_two_passes_is_in_the_peak_of_the_next()
    {
        await using ShmSpace space = await ShmSpace.StartAsync($"size={FillMebibytes + 112}m", "write /dev/shm/small 16");
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 4s}\nshm: {interval: 1s}\n");
        Exposition page = await agent.BetweenAsync(() => space.DoAsync($"fill /dev/shm/large {FillMebibytes} {FillRate}"));
        Assert.Equal(16 * 1024, space.Value(page, "used_bytes"));
        // The last look is at most a second before the end.
        Assert.InRange(space.Value(page, "used_peak_bytes")!.Value, (FillMebibytes - (1.25 * FillRate)) * Mebibyte, (FillMebibytes + 1) * Mebibyte);
        Figures.Report($"{FillMebibytes} MiB at {FillRate} MiB/s: peak {space.Value(page, "used_peak_bytes") / Mebibyte} MiB");
        Assert.Equal(16 * 1024, space.Value(await agent.NextAsync(), "used_peak_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_mount_full_by_bytes_and_one_full_by_files_are_seen_to_be()
    {
        await using ShmSpace bytes = await ShmSpace.StartAsync("size=1m", "write /dev/shm/torch_1 1024");
        await using ShmSpace files = await ShmSpace.StartAsync("size=1m,nr_inodes=64", "empty /dev/shm/file 63");
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 200ms}\n");
        await bytes.ListedAsync(agent);
        Exposition page = await files.ListedAsync(agent);
        Assert.Equal(Mebibyte, bytes.Value(page, "size_bytes"));
        Assert.Equal(Mebibyte, bytes.Value(page, "used_bytes"));
        Assert.Equal(Mebibyte, bytes.Family(page, "torch_*"));
        Assert.Equal(64, files.Value(page, "inodes"));
        Assert.Equal(63, files.Value(page, "inodes_used"));
        Assert.Equal(63, files.Value(page, "segments"));
        Assert.Equal(0, files.Value(page, "used_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_mount_without_limit_has_neither_size_nor_use_but_its_names_all_the_same()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=0,nr_inodes=0", "write /dev/shm/torch_1 40");
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 200ms}\n");
        Exposition page = await space.ListedAsync(agent);
        foreach (string family in new[] { "size_bytes", "used_bytes", "used_peak_bytes", "inodes", "inodes_used", "unlinked_bytes" })
        {
            Assert.Null(space.Value(page, family));
        }

        Assert.Equal(1, space.Value(page, "segments"));
        Assert.Equal(40 * 1024, space.Family(page, "torch_*"));
        await agent.StopAsync();
    }
}
