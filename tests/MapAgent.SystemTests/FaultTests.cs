using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Real major faults on real files: counted as the kernel counts them, and their cause named.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Group = "faulter";
    private const string EverySecond = "sampling: {interval: 1s}\n";

    // Not in /tmp, which may be a tmpfs: its pages never come from a disk.
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", $"faults-{Guid.NewGuid():N}"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_young_process_that_touches_many_cold_files_is_a_cold_start_and_a_warm_one_has_no_cause()
    {
        for (int i = 0; i < 4000; i++)
        {
            Write(i.ToString(CultureInfo.InvariantCulture), 4096);
        }

        await using Agent agent = await Agent.StartAsync(configuration: EverySecond);
        await using ChildProcess process = await StartAsync(_folder.FullName);
        Exposition storm = await FaultAsync(agent, process);
        Assert.Equal("cold_start", Cause(storm));
        Assert.Equal(1, Assert.Single(storm.Find("mapagent_process_fault_cause", ("group", Group))).Value);
        await agent.ScrapeUntilAsync("calm", page => Cause(page) is null);
        await agent.StopAsync();
    }

    [Fact]
    public async Task Reading_ahead_leaves_a_cold_file_few_faults_and_no_cause()
    {
        Write("file", 64 << 20);
        await using Agent agent = await Agent.StartAsync(configuration: EverySecond);
        await using ChildProcess process = await StartAsync(Path.Combine(_folder.FullName, "file"));
        Exposition page = await FaultAsync(agent, process, atLeast: 1);
        Assert.Null(Cause(page));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_file_larger_than_the_memory_of_its_group_refaults()
    {
        string file = Write("file", 128 << 20);
        await using MemoryGroup memory = MemoryGroup.Create(32 << 20);
        await using Agent agent = await Agent.StartAsync(configuration: EverySecond);
        await using ChildProcess process = await StartAsync(file, "random", memory);
        await agent.ScrapeUntilAsync("the group", page => page.Value("mapagent_processes", ("group", Group)) == 1);
        await process.WriteLineAsync("loop");
        Exposition storm = await agent.ScrapeUntilAsync("refaults", page => Cause(page) == "refault");
        Assert.Single(storm.Find("mapagent_process_fault_cause", ("group", Group)));
        Assert.True(storm.Value("mapagent_host_refaults_total", ("kind", "file")) > 1000);
        // The group waits for its own limit nearly all the time; the kernel tells, where it lets the agent be woken.
        if (storm.Value("mapagent_reads_total", ("file", "pressure_trigger"), ("outcome", "ok")) > 0)
        {
            await agent.ScrapeUntilAsync("a stall", page => page.Value("mapagent_host_memory_stalls_total", ("scope", "some")) > 0);
        }
        else
        {
            Assert.Empty(storm.Find("mapagent_host_memory_stalls_total"));
            Figures.Report("the kernel lets this agent have no pressure trigger");
        }

        await agent.StopAsync();
    }

    [Fact]
    public async Task A_file_read_here_and_there_under_a_hint_is_random_access()
    {
        string file = Write("file", 64 << 20);
        await using Agent agent = await Agent.StartAsync(
            configuration: $"process_names: [{{name: {Group}, comm: [{Group}], mappings: true}}]\nmappings: {{interval: 1s}}\n" + EverySecond);
        await using ChildProcess process = await StartAsync(file, "random");
        await agent.ScrapeUntilAsync("the hint", page => page.Value("mapagent_mapping_advice_bytes", ("group", Group), ("advice", "random")) == 64 << 20);
        // Touched on and on, so that the storm lasts for the few passes that asking for its files takes.
        using CancellationTokenSource storming = new();
        Task again = AgainAsync(process, storming.Token);
        Exposition storm = await agent.ScrapeUntilAsync("a storm", page => Cause(page) is not null);
        Assert.Equal("random_access", Cause(storm));
        // The files behind the storm: of this one, what has been touched so far is cached.
        Exposition cached = await agent.ScrapeUntilAsync("the file's page cache", page => page.Value("mapagent_mapped_file_cached_ratio", ("group", Group), ("file", file)) > 0);
        Assert.InRange(cached.Value("mapagent_mapped_file_cached_ratio", ("group", Group), ("file", file))!.Value, 0.001, 1);
        Assert.NotNull(cached.Value("mapagent_mapped_file_recently_evicted_bytes", ("group", Group), ("file", file)));
        Assert.True(cached.Value("mapagent_reads_total", ("file", "cachestat"), ("outcome", "ok")) > 0);
        Assert.Equal(64 << 20, storm.Value("mapagent_mapping_virtual_bytes", ("group", Group), ("kind", "file_shared")));
        Assert.Equal(storm.Value("mapagent_mapping_pss_bytes", ("group", Group), ("kind", "file_shared")), storm.Value("mapagent_mapped_file_pss_bytes", ("group", Group), ("file", file)));
        await storming.CancelAsync();
        await again;
        Exposition calm = await agent.ScrapeUntilAsync("calm", page => Cause(page) is null);
        Assert.Empty(calm.Find("mapagent_mapped_file_cached_ratio", ("group", Group)));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Memory_that_comes_back_from_swap_is_swap_in()
    {
        string swap = Path.Combine(_folder.FullName, "swap");
        if (!await SwapOnAsync(swap))
        {
            Figures.Report("the kernel lets nobody add swap here");
            return;
        }

        try
        {
            await using Agent agent = await Agent.StartAsync(configuration: EverySecond);
            await using ChildProcess process = await StartAsync("anonymous", "64");
            // What has just been written is still in memory; only the second time must it be read.
            foreach (string line in (string[])["forget", "touch", "forget"])
            {
                await process.WriteLineAsync(line);
            }

            await Wait.UntilAsync("the swapping", TimeSpan.FromSeconds(60), () => process.Output.Split('\n').Count(static line => line == "ok") == 4);
            await agent.ScrapeUntilAsync("what is in swap", page => page.Value("mapagent_process_swap_bytes", ("group", Group)) > 32 << 20);
            long before = Kernel.Stat(process.Id, 12);
            await process.WriteLineAsync("touch");
            Exposition storm = await agent.ScrapeUntilAsync("a storm", page => Cause(page) is not null);
            Assert.Equal("swap_in", Cause(storm));
            Assert.True(storm.Value("mapagent_host_swap_in_bytes_total") > 4 << 20);
            await Wait.UntilAsync("the touching", TimeSpan.FromSeconds(60), () => process.Output.Split('\n').Count(static line => line == "ok") == 5);
            long faults = Kernel.Stat(process.Id, 12) - before;
            await agent.ScrapeUntilAsync("all faults", page => page.Value("mapagent_process_major_faults_total", ("group", Group)) >= faults);
            Figures.Report($"{faults} major faults from swap");
            await agent.StopAsync();
        }
        finally
        {
            (int code, _, string errors) = await ChildProcess.RunAsync("swapoff", [swap]);
            Assert.True(code == 0, errors);
        }
    }

    private static async Task AgainAsync(ChildProcess process, CancellationToken cancel)
    {
        for (int told = 1; !cancel.IsCancellationRequested; told++)
        {
            await process.WriteLineAsync("cold");
            await Wait.UntilAsync("the reading", TimeSpan.FromSeconds(60), () => process.Output.Split('\n').Count(static line => line == "ok") > told);
        }
    }

    private static async Task<bool> SwapOnAsync(string file)
    {
        foreach (string[] command in (string[][])[["fallocate", "-l", "128M", file], ["chmod", "600", file], ["mkswap", "-q", file], ["swapon", file]])
        {
            (int code, _, string errors) = await ChildProcess.RunAsync(command[0], command[1..]);
            if (code != 0)
            {
                Assert.True(command[0] == "swapon", errors);
                return false;
            }
        }

        return true;
    }

    private static string? Cause(Exposition page) => page.Find("mapagent_process_fault_cause", ("group", Group)).SingleOrDefault()?["cause"];

    // Once the agent has seen the process: faults from before are nobody's.
    private static async Task<Exposition> FaultAsync(Agent agent, ChildProcess process, int atLeast = 500)
    {
        await agent.ScrapeUntilAsync("the group", page => page.Value("mapagent_processes", ("group", Group)) == 1);
        long before = Kernel.Stat(process.Id, 12);
        await process.WriteLineAsync("cold");
        await Wait.UntilAsync("the reading", TimeSpan.FromSeconds(60), () => process.Output.Split('\n').Count(static line => line == "ok") == 2);
        long faults = Kernel.Stat(process.Id, 12) - before;
        Assert.InRange(faults, atLeast, long.MaxValue);
        Figures.Report($"{faults} major faults by the kernel");
        return await agent.ScrapeUntilAsync("all faults", page => page.Value("mapagent_process_major_faults_total", ("group", Group)) == faults);
    }

    private static async Task<ChildProcess> StartAsync(string path, string hint = "", MemoryGroup? memory = null)
    {
        string program = await NativePrograms.PathAsync("faulter");
        // The shell puts itself into the group and becomes the program.
        string enter = memory is null ? "" : $"echo $$ >{memory.Members} && ";
        ChildProcess process = ChildProcess.Start("sh", ["-c", $"{enter}exec {program} {path} {hint}"]);
        await Wait.UntilAsync("the mappings", TimeSpan.FromSeconds(60), () => process.Output.StartsWith("ok", StringComparison.Ordinal));
        return process;
    }

    private string Write(string name, int bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        byte[] content = new byte[bytes];
        Random.Shared.NextBytes(content);
        using FileStream stream = File.Create(path);
        stream.Write(content);
        // Only what is on the disk can be forgotten.
        stream.Flush(flushToDisk: true);
        return path;
    }
}
