using System;
using System.Globalization;
using System.IO;
using System.Linq;
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
        await process.WriteLineAsync("cold");
        Exposition storm = await agent.ScrapeUntilAsync("a storm", page => Cause(page) is not null);
        Assert.Equal("random_access", Cause(storm));
        Assert.Equal(64 << 20, storm.Value("mapagent_mapping_virtual_bytes", ("group", Group), ("kind", "file_shared")));
        Assert.Equal(storm.Value("mapagent_mapping_pss_bytes", ("group", Group), ("kind", "file_shared")), storm.Value("mapagent_mapped_file_pss_bytes", ("group", Group), ("file", file)));
        await agent.StopAsync();
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
