using System;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Containers of a real engine.</summary>
public sealed class SharedMemoryContainerTests
{
    private const string Fast = "sampling: {interval: 200ms, cpu_budget: 100%}\nshm: {unreferenced_after: 1s}\nlimits: {label_length: 512}\n";

    [Fact]
    public async Task A_container_s_mount_is_there_once_also_when_a_second_one_shares_it()
    {
        await using Podman podman = await Podman.StartAsync();
        await podman.StartAsync("first", "--shm-size=64m", "map /dev/shm/torch_1 4096", "write /dev/shm/file 301");
        await podman.StartAsync("second", "--ipc=container:first", "write /dev/shm/psm_second 8");
        await podman.StartAsync("third", "--shm-size=3m", "write /dev/shm/other 12");
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        int pid = await podman.PidAsync("first");
        string device = ShmSpace.Mounts(pid).Last(static mount => mount.Point == "/dev/shm").Device;
        Exposition page = await agent.ScrapeUntilAsync("a few passes", static page => page.Value("mapagent_pass_duration_seconds_count") >= 5);
        Sample size = Assert.Single(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 64 << 20);
        string label = size["mount"]!;
        // The engine mounted it on the node, and a bind of it in the containers.
        Assert.EndsWith("/userdata/shm", label, StringComparison.Ordinal);
        Assert.Equal(device, ShmSpace.Mounts(Environment.ProcessId).Last(mount => mount.Point == label).Device);
        Assert.Equal((4096 + 304 + 8) * 1024, page.Value("mapagent_shm_used_bytes", ("mount", label)));
        Assert.Equal(3, page.Value("mapagent_shm_segments", ("mount", label)));
        Assert.Equal(4096 * 1024, page.Value("mapagent_shm_family_bytes", ("mount", label), ("family", "torch_*")));
        Assert.Equal(8 * 1024, page.Value("mapagent_shm_family_bytes", ("mount", label), ("family", "psm_*")));
        Sample third = Assert.Single(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 3 << 20);
        Assert.Equal(12 * 1024, page.Value("mapagent_shm_used_bytes", ("mount", third["mount"]!)));

        await podman.RemoveAsync("second");
        await podman.RemoveAsync("first");
        await agent.ScrapeUntilAsync("its end", page => page.Samples.All(sample => sample["mount"] != label));
        Assert.Equal(12 * 1024, (await agent.ScrapeAsync()).Value("mapagent_shm_used_bytes", ("mount", third["mount"]!)));
        await agent.StopAsync();
    }
}
