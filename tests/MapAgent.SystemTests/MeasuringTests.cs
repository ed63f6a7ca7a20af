using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>The numbers against the kernel's own, read a second time and in another way.</summary>
public sealed class MeasuringTests
{
    private const int Attempts = 100;

    private static readonly (string Family, (string, string)[] Labels, string Key)[] s_rollup =
    [
        ("mapagent_process_pss_bytes", [], "Pss"),
        ("mapagent_process_rollup_rss_bytes", [], "Rss"),
        ("mapagent_process_pss_component_bytes", [("component", "anon")], "Pss_Anon"),
        ("mapagent_process_pss_component_bytes", [("component", "file")], "Pss_File"),
        ("mapagent_process_pss_component_bytes", [("component", "shmem")], "Pss_Shmem"),
        ("mapagent_process_rss_component_bytes", [("sharing", "private"), ("state", "clean")], "Private_Clean"),
        ("mapagent_process_rss_component_bytes", [("sharing", "private"), ("state", "dirty")], "Private_Dirty"),
        ("mapagent_process_rss_component_bytes", [("sharing", "shared"), ("state", "clean")], "Shared_Clean"),
        ("mapagent_process_rss_component_bytes", [("sharing", "shared"), ("state", "dirty")], "Shared_Dirty"),
        ("mapagent_process_swap_bytes", [], "Swap"),
        ("mapagent_process_swap_pss_bytes", [], "SwapPss"),
        ("mapagent_process_huge_bytes", [("kind", "anon")], "AnonHugePages"),
        ("mapagent_process_huge_bytes", [("kind", "shmem")], "ShmemPmdMapped"),
        ("mapagent_process_huge_bytes", [("kind", "hugetlb_private")], "Private_Hugetlb"),
        ("mapagent_process_locked_bytes", [], "Locked"),
        ("mapagent_process_lazyfree_bytes", [], "LazyFree"),
        ("mapagent_process_pss_dirty_bytes", [], "Pss_Dirty"),
    ];

    [Fact]
    public async Task Without_configuration_every_process_is_counted_once()
    {
        await using Agent agent = await Agent.StartAsync();
        Exposition page = await SteadyAsync(agent, static (processes, page) => processes.Length == page.Sum("mapagent_processes"));
        Sample[] groups = page.Find("mapagent_processes");
        Assert.Equal(groups.Length, groups.DistinctBy(static sample => sample["group"]).Count());
        Assert.Equal(page.Sum("mapagent_processes"), page.Sum("mapagent_process_measured") + page.Sum("mapagent_process_unmeasured"));
        await agent.StopAsync();
    }

    [Fact]
    public async Task With_per_process_every_pid_has_exactly_one_series()
    {
        await using Agent agent = await Agent.StartAsync(
            configuration: "process_names: [{name: all, cmdline: ['.*'], per_process: true}]\nlimits: {per_process: 100000}\n");
        Exposition page = await SteadyAsync(agent, static (processes, page) =>
            processes.SequenceEqual(page.Find("mapagent_processes").Select(static sample => int.Parse(sample["pid"]!, CultureInfo.InvariantCulture)).Order()));
        Assert.All(page.Find("mapagent_processes"), static sample => Assert.Equal(1, sample.Value));
        await agent.StopAsync();
    }

    [Fact]
    public async Task Every_number_of_a_group_is_the_sum_of_what_the_kernel_says_of_its_members()
    {
        using TemporaryFolder folder = new();
        string comm = Victim.UniqueComm();
        string shm = $"/dev/shm/{comm}";
        await using Victim first = await Victim.StartAsync(comm, "private 20480", $"file {folder.File("file")} 4096", $"file {shm} 3072");
        await using Victim second = await Victim.StartAsync(comm, "private 1024", $"file {folder.File("file")} 4096", $"file {shm} 3072", "shared 512");
        System.IO.File.Delete(shm);
        int[] pids = [first.Pid, second.Pid];
        Exposition page = await WhileUnchangedAsync(pids, async () =>
        {
            await using Agent agent = await Agent.StartAsync();
            Exposition page = await agent.ScrapeUntilAsync("both rollups", page => page.Value("mapagent_process_measured", ("group", comm)) == 2);
            await agent.StopAsync();
            return page;
        });
        (string, string) group = ("group", comm);
        Dictionary<string, long>[] rollups = [.. pids.Select(Kernel.Rollup)];
        foreach ((string family, (string, string)[] labels, string key) in s_rollup)
        {
            double? expected = rollups.All(rollup => rollup.ContainsKey(key)) ? rollups.Sum(rollup => rollup[key]) : null;
            Assert.Equal((family, key, expected), (family, key, page.Value(family, [group, .. labels])));
        }

        Assert.Equal(rollups.Sum(static r => r["Private_Clean"] + r["Private_Dirty"]), page.Value("mapagent_process_uss_bytes", group));
        Assert.InRange(page.Value("mapagent_process_pss_bytes", group)!.Value, (20480 + 1024 + 4096 + 3072) * 1024, (20480 + 1024 + 4096 + 3072 + 2048) * 1024);
        Assert.Equal(pids.Sum(static pid => Kernel.Stat(pid, 24) * 4096), page.Value("mapagent_process_rss_bytes", group));
        Assert.Equal(pids.Sum(static pid => Kernel.Stat(pid, 23)), page.Value("mapagent_process_virtual_bytes", group));
        Assert.Equal(pids.Min(Kernel.StartTime), page.Value("mapagent_process_oldest_start_time_seconds", group)!.Value, 0.001);
        Assert.Equal(2, page.Value("mapagent_processes", group));
        Assert.Equal(0, page.Sum("mapagent_process_unmeasured", group));
    }

    [Fact]
    public async Task Faults_are_counted_from_the_first_sight_on_and_stay_when_a_member_ends()
    {
        string comm = Victim.UniqueComm();
        await using Victim stays = await Victim.StartAsync(comm, "private 8192");
        await using Victim ends = await Victim.StartAsync(comm, "private 8192");
        await using Agent agent = await Agent.StartAsync();
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(0, page.Value("mapagent_process_minor_faults_total", ("group", comm)));
        Assert.Equal(0, page.Value("mapagent_process_major_faults_total", ("group", comm)));

        long before = Kernel.Stat(ends.Pid, 10) + Kernel.Stat(stays.Pid, 10);
        await ends.DoAsync("private 4096");
        long faults = Kernel.Stat(ends.Pid, 10) + Kernel.Stat(stays.Pid, 10) - before;
        page = await agent.MeasureAsync();
        Assert.InRange(faults, 1, long.MaxValue);
        Assert.Equal(faults, page.Value("mapagent_process_minor_faults_total", ("group", comm)));

        await ends.DisposeAsync();
        page = await agent.ScrapeUntilAsync("one member", page => Ask(agent, page.Value("mapagent_processes", ("group", comm)) == 1));
        Assert.Equal(faults, page.Value("mapagent_process_minor_faults_total", ("group", comm)));
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_zombie_and_a_process_that_is_not_dumpable_are_told_apart()
    {
        string zombies = Victim.UniqueComm();
        string hidden = Victim.UniqueComm();
        await using Victim parent = await Victim.StartAsync("parent", "zombie " + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(zombies)));
        await using Victim undumpable = await Victim.StartAsync(hidden, "undumpable");
        await using Agent agent = await Agent.StartAsync();
        Exposition page = await agent.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_processes", ("group", zombies)));
        Assert.Equal(1, page.Value("mapagent_process_unmeasured", ("group", zombies), ("reason", "gone")));
        Assert.Equal(0, page.Value("mapagent_process_rss_bytes", ("group", zombies)));
        Assert.Null(page.Value("mapagent_process_pss_bytes", ("group", zombies)));
        Assert.Equal(1, page.Value("mapagent_process_measured", ("group", hidden)));
        await agent.StopAsync();
    }

    private static bool Ask(Agent agent, bool done)
    {
        if (!done)
        {
            agent.Signal(Signals.Hangup);
        }

        return done;
    }

    // The processes must be the same before and after. One that comes and goes in between is in neither list, so a single
    // difference proves nothing; a process that the agent loses or invents makes them all different.
    private static async Task<Exposition> SteadyAsync(Agent agent, Func<int[], Exposition, bool> agrees)
    {
        for (int i = 0; i < Attempts; i++)
        {
            int[] before = Kernel.Processes();
            Exposition page = await agent.MeasureAsync();
            if (before.SequenceEqual(Kernel.Processes()) && agrees(before, page))
            {
                return page;
            }
        }

        Assert.Fail("the agent and the kernel never agreed");
        throw new InvalidOperationException();
    }

    // The kernel may take idle pages away at any time; then what was measured is not what is read afterwards.
    private static async Task<Exposition> WhileUnchangedAsync(int[] pids, Func<Task<Exposition>> measure)
    {
        for (int i = 0; i < Attempts; i++)
        {
            string before = Facts(pids);
            Exposition page = await measure();
            if (before == Facts(pids))
            {
                return page;
            }
        }

        Assert.Fail("the victims changed in every attempt");
        throw new InvalidOperationException();
    }

    private static string Facts(int[] pids) => string.Join('\n', pids.Select(static pid =>
        string.Join(',', Kernel.Rollup(pid).Select(static entry => entry.Value)) + "," + Kernel.Stat(pid, 23) + "," + Kernel.Stat(pid, 24)));
}
