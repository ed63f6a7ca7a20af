using System;
using System.IO;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Shared memory with fewer rights: families go, none is guessed.</summary>
public sealed class SharedMemoryRightsTests : IDisposable
{
    private const string Fast = "sampling: {interval: 200ms, cpu_budget: 100%}\nshm: {unreferenced_after: 1s}\n";
    private readonly TemporaryFolder _folder = new();
    private readonly string _binary;

    public SharedMemoryRightsTests()
    {
        // The build's own folder may be closed to other users.
        _binary = _folder.File("mapagent");
        File.Copy(Agent.Binary, _binary);
    }

    [Fact]
    public async Task Without_rights_only_the_mounts_of_ones_own_namespace_are_there_and_nothing_is_unreferenced()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "write /dev/shm/left 16");
        await using Agent agent = await Agent.StartAsync(configuration: Fast, command: AsNobody(""));
        Exposition page = await ManyPassesAsync(agent);
        Assert.DoesNotContain(page.Samples, sample => sample["mount"] == space.Label);
        Assert.NotNull(page.Value("mapagent_shm_size_bytes", ("mount", "/dev/shm")));
        Assert.NotNull(page.Value("mapagent_shm_used_bytes", ("mount", "/dev/shm")));
        Assert.Empty(page.Find("mapagent_shm_unreferenced_bytes"));
        Assert.Empty(page.Find("mapagent_shm_unreferenced_segments"));
        Assert.Empty(page.Find("mapagent_host_shmem_unaccounted_bytes"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task One_capability_opens_the_mounts_and_a_second_one_tells_what_is_unreferenced()
    {
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "hold /dev/shm/held 16", "unlink /dev/shm/held", "write /dev/shm/left 8");
        await using (Agent agent = await Agent.StartAsync(configuration: Fast, command: AsNobody(",+sys_ptrace")))
        {
            Exposition page = await ManyPassesAsync(agent);
            Assert.Equal(1 << 20, space.Value(page, "size_bytes"));
            Assert.Equal(24 * 1024, space.Value(page, "used_bytes"));
            Assert.Equal(16 * 1024, space.Value(page, "unlinked_bytes"));
            Assert.Equal(1, space.Value(page, "segments"));
            Assert.Empty(page.Find("mapagent_shm_unreferenced_bytes"));
            Assert.Empty(page.Find("mapagent_shm_unreferenced_segments"));
            await agent.StopAsync();
        }

        await using (Agent agent = await Agent.StartAsync(configuration: Fast, command: AsNobody(",+sys_ptrace,+dac_read_search")))
        {
            Exposition page = await agent.ScrapeUntilAsync("the leftover", page => space.Value(page, "unreferenced_segments") == 1);
            Assert.Equal(8 * 1024, space.Value(page, "unreferenced_bytes"));
            await agent.StopAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // Time enough for rounds over all processes.
    private static Task<Exposition> ManyPassesAsync(Agent agent) =>
        agent.ScrapeUntilAsync("many passes", static page => page.Value("mapagent_pass_duration_seconds_count") >= 20);

    private string[] AsNobody(string capabilities) =>
    [
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all" + capabilities, "--ambient-caps=-all" + capabilities,
        "--bounding-set=-all" + capabilities, "--no-new-privs", _binary,
    ];
}
