using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Who uses what is in a mount, and what is left behind.</summary>
public sealed class SharedMemoryUseTests
{
    private const string Fast = "sampling: {interval: 200ms, cpu_budget: 100%}\nshm: {unreferenced_after: 2s}\n";

    [Fact]
    public async Task Each_segment_is_told_apart_by_who_uses_it()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=4m",
            "map /dev/shm/mapped 4", "hold /dev/shm/held 8", "write /dev/shm/libpod_lock 84", "write /dev/shm/sem.idle 4");
        await using (Victim killed = await space.JoinAsync("map /dev/shm/psm_orphan 64"))
        {
            await space.DoAsync("write /dev/shm/left 16");
        }

        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("both leftovers", page => space.Value(page, "unreferenced_segments") == 2);
        Assert.Equal((64 + 16) * 1024, space.Value(page, "unreferenced_bytes"));
        Assert.Equal(0, space.Value(page, "unlinked_bytes"));
        Assert.Equal(6, space.Value(page, "segments"));
        Assert.Equal(64 * 1024, space.Family(page, "psm_*"));
        Assert.Equal(84 * 1024, space.Family(page, "libpod_lock*"));
        Assert.Equal(4 * 1024, space.Family(page, "sem.*"));
        Assert.Equal((4 + 8 + 16) * 1024, space.Family(page, "other"));

        JsonElement mount = await ShmJson.MountAsync(agent, space.Label);
        Dictionary<string, string> uses = mount.GetProperty("largest").EnumerateArray()
            .ToDictionary(static segment => segment.GetProperty("name").GetString()!, static segment => segment.GetProperty("use").GetString()!);
        Assert.Equal("used", uses["mapped"]);
        Assert.Equal("used", uses["held"]);
        Assert.Equal("idle", uses["libpod_lock"]);
        Assert.Equal("idle", uses["sem.idle"]);
        Assert.Equal("unreferenced", uses["psm_orphan"]);
        Assert.Equal("unreferenced", uses["left"]);
        Assert.All(mount.GetProperty("largest").EnumerateArray(), segment => Assert.Equal(
            segment.GetProperty("use").GetString() == "used" ? [space.Pid] : [],
            segment.GetProperty("users").EnumerateArray().Select(static pid => pid.GetInt32())));

        // Somebody comes to use one of them: it is left behind no longer.
        await space.DoAsync("hold /dev/shm/left 16");
        page = await agent.ScrapeUntilAsync("the new user", page => space.Value(page, "unreferenced_segments") == 1);
        Assert.Equal(64 * 1024, space.Value(page, "unreferenced_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Unlinked_bytes_are_those_in_use_by_no_name()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=4m", "map /dev/shm/mapped 256", "hold /dev/shm/held 128", "hold /dev/shm/named 32");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await space.ListedAsync(agent);
        Assert.Equal(0, space.Value(page, "unlinked_bytes"));

        await space.DoAsync("unlink /dev/shm/mapped");
        page = await agent.ScrapeUntilAsync("the mapped one", page => space.Value(page, "unlinked_bytes") != 0);
        Assert.Equal(256 * 1024, space.Value(page, "unlinked_bytes"));
        await space.DoAsync("unlink /dev/shm/held");
        page = await agent.ScrapeUntilAsync("the held one", page => space.Value(page, "unlinked_bytes") != 256 * 1024);
        Assert.Equal((256 + 128) * 1024, space.Value(page, "unlinked_bytes"));
        Assert.Equal((256 + 128 + 32) * 1024, space.Value(page, "used_bytes"));
        Assert.Equal(32 * 1024, space.Family(page, "other"));
        Assert.Equal(1, space.Value(page, "segments"));
        Assert.Equal(3, space.Value(page, "inodes_used"));
        page = await agent.ScrapeUntilAsync("a look at the users", page => space.Value(page, "unreferenced_bytes") is not null);
        Assert.Equal(0, space.Value(page, "unreferenced_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Where_one_process_cannot_be_looked_into_nothing_is_said_of_the_mounts_it_shares()
    {
        Assert.SkipWhen(Directory.Exists("/proc/1/root/"), "every process of this machine can be looked into");
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "write /dev/shm/left 16");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeUntilAsync("the leftover elsewhere", page => space.Value(page, "unreferenced_segments") == 1);
        Assert.NotNull(page.Value("mapagent_shm_used_bytes", ("mount", "/dev/shm")));
        Assert.Null(page.Value("mapagent_shm_unreferenced_bytes", ("mount", "/dev/shm")));
        Assert.Null(page.Value("mapagent_shm_unreferenced_segments", ("mount", "/dev/shm")));
        await agent.StopAsync();
    }
}
