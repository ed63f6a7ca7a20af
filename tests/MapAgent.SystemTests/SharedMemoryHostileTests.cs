using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What those who own a /dev/shm can put there against the one who looks at it.</summary>
public sealed class SharedMemoryHostileTests
{
    private const string Fast = "sampling: {interval: 200ms}\n";

    [Fact]
    public async Task A_link_leads_nowhere_but_inside_the_process_s_own_root()
    {
        using TemporaryFolder folder = new();
        string target = folder.File("target");
        Directory.CreateDirectory(target);
        // Where the agent lives, the path that all the links name is a tmpfs; in the containers it is one only where said.
        string[] command = ["unshare", "-m", "--propagation", "private", "sh", "-ec", $"mount -t tmpfs -o size=2052k tmpfs {target}; exec \"$0\" \"$@\"", Agent.Binary];
        await using Agent agent = await Agent.StartAsync(configuration: Fast, command: command);
        await using ShmSpace absolute = await ContainerAsync(folder, "absolute", target, ":");
        await using ShmSpace relative = await ContainerAsync(folder, "relative", $"../../../../../../../..{target}", ":");
        await using ShmSpace same = await ContainerAsync(folder, "same", "/dev/shm", ":");
        await using ShmSpace magic = await ContainerAsync(folder, "magic", $"/proc/self/root{target}", "mount -t proc proc $R/proc");
        await using ShmSpace own = await ContainerAsync(folder, "own", target, $"mkdir -p $R{target}; mount -t tmpfs -o size=3076k tmpfs $R{target}");
        string agents = ShmSpace.Mounts(agent.Pid).Last(mount => mount.Point == target).Device;
        string inside = ShmSpace.Mounts(own.Pid).Last(mount => mount.Point == target).Device;
        Exposition page = await agent.ScrapeUntilAsync("the one with a mount of its own",
            page => page.Value("mapagent_shm_size_bytes", ("mount", $"/dev/shm[{inside}]")) is not null);
        page = await agent.MeasureAsync();
        Assert.Equal(3076 << 10, page.Value("mapagent_shm_size_bytes", ("mount", $"/dev/shm[{inside}]")));
        Assert.DoesNotContain(page.Samples, sample => sample["mount"]?.Contains($"[{agents}]", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(page.Find("mapagent_shm_size_bytes"), static sample => sample.Value == 2052 << 10);
        using JsonDocument json = JsonDocument.Parse(await agent.GetAsync("/api/v1/shm"));
        int[] pids = [.. json.RootElement.GetProperty("mounts").EnumerateArray()
            .SelectMany(static mount => mount.GetProperty("pids").EnumerateArray()).Select(static pid => pid.GetInt32())];
        Assert.Contains(own.Pid, pids);
        Assert.Empty(pids.Intersect([absolute.Pid, relative.Pid, same.Pid, magic.Pid]));
        await agent.StopAsync();
    }

    [Fact]
    public async Task What_is_no_tmpfs_has_no_series_and_is_not_even_asked()
    {
        using TemporaryFolder folder = new();
        await using ShmSpace bind = await ShmSpace.StartWithAsync($"mount --bind {folder.Path} /dev/shm");
        await using ShmSpace ramfs = await ShmSpace.StartWithAsync("mount -t ramfs ramfs /dev/shm");
        await using ShmSpace proc = await ShmSpace.StartWithAsync("mount -t proc proc /dev/shm");
        await using ShmSpace tmpfs = await ShmSpace.StartAsync();
        await using Agent agent = await Agent.StartAsync(configuration: Fast);
        Exposition page = await agent.ScrapeAsync();
        Assert.NotNull(tmpfs.Value(page, "size_bytes"));
        Assert.All(new[] { bind.Device, ramfs.Device, proc.Device },
            device => Assert.DoesNotContain(page.Samples, sample => sample["mount"]?.EndsWith($"[{device}]", StringComparison.Ordinal) == true));
        await agent.StopAsync();

        string calls = folder.File("calls");
        (int code, _, string errors) = await ChildProcess.RunAsync("strace", ["-f", "-qq", "-e", "trace=statfs,fstatfs", "-o", calls, Agent.Binary, "shm", "--format=json"]);
        Assert.True(code == 0, errors);
        string asked = await File.ReadAllTextAsync(calls, TestContext.Current.CancellationToken);
        Assert.Contains("TMPFS_MAGIC", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("RAMFS_MAGIC", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_names_are_a_bound_that_bites_and_is_counted()
    {
        const int Names = 100_000;
        await using ShmSpace crowded = await ShmSpace.StartAsync("size=16m,nr_inodes=200000", "write /dev/shm/large 64", $"empty /dev/shm/f {Names}");
        await using ShmSpace other = await ShmSpace.StartAsync("size=1m", "hold /dev/shm/held 8", "write /dev/shm/named 4", "unlink /dev/shm/held");
        await using Agent agent = await Agent.StartAsync(configuration: "sampling: {interval: 500ms}\n");
        await agent.ScrapeUntilAsync("the small one's names", page => other.Value(page, "segments") == 1);
        Exposition page = await agent.ScrapeUntilAsync("ten passes", static page => page.Value("mapagent_pass_duration_seconds_count") >= 10);
        Assert.InRange(page.Value("mapagent_truncations_total", ("what", "shm"))!.Value, 1, double.MaxValue);
        Assert.Equal(64 * 1024, crowded.Value(page, "used_bytes"));
        Assert.Equal(Names + 1, crowded.Value(page, "inodes_used"));
        foreach (string family in new[] { "segments", "unlinked_bytes", "unreferenced_bytes", "unreferenced_segments" })
        {
            Assert.Null(crowded.Value(page, family));
        }

        Assert.Null(crowded.Family(page, "other"));
        Assert.Equal(1, other.Value(page, "segments"));
        Assert.Equal(8 * 1024, other.Value(page, "unlinked_bytes"));
        double duration = page.Value("mapagent_pass_duration_seconds_sum")!.Value / page.Value("mapagent_pass_duration_seconds_count")!.Value;
        Figures.Report($"{Names} names in one mount: a pass takes {duration * 1000:F0} ms");
        Assert.InRange(duration, 0, 0.5);

        // A person who asks gets all of it.
        (int code, string json, string errors) = await Agent.RunAsync("shm", "--format=json");
        Assert.True(code == 0, errors);
        Assert.Equal(Names + 1, ShmJson.Mount(json, crowded.Label).GetProperty("segments").GetInt64());
        await agent.StopAsync();
    }

    [Fact]
    public async Task Names_of_any_bytes_make_valid_pages()
    {
        string[] names = ["a\nb", "\"quotes'\\n\"", "{braces=\"\"} 1", "\u001b[2J\a\u007f", "\u202etxt\u202c", new('n', 255)];
        string[] bytes = [.. names.Select(static name => Convert.ToHexString(Encoding.UTF8.GetBytes(name))), "FF80C0", "61C3"];
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m",
            [.. bytes.Select(static name => $"bytes {Convert.ToHexString("/dev/shm/"u8)}{name} 4")]);
        await using Agent agent = await Agent.StartAsync(configuration: Fast + "shm: {families: ['{braces*', '*quotes*']}\n");
        await space.ListedAsync(agent);
        Exposition page = await agent.ScrapeAsync(openMetrics: true);
        Assert.Equal(bytes.Length, space.Value(page, "segments"));
        Assert.Equal(4096, space.Family(page, "{braces*"));
        Assert.Equal(4096, space.Family(page, "*quotes*"));
        Assert.Equal((bytes.Length - 2) * 4096, space.Family(page, "other"));
        byte[] plain = await agent.PageAsync();
        Assert.Equal((0, "", ""), await ChildProcess.RunAsync("promtool", ["check", "metrics"], input: Encoding.UTF8.GetString(plain)));
        JsonElement mount = await ShmJson.MountAsync(agent, space.Label);
        string[] expected = [.. bytes.Select(static name => Encoding.UTF8.GetString(Convert.FromHexString(name)))];
        Assert.Equal(expected.Order(StringComparer.Ordinal),
            mount.GetProperty("largest").EnumerateArray().Select(static segment => segment.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        (int code, string table, _) = await Agent.RunAsync("shm");
        Assert.Equal(0, code);
        Assert.DoesNotContain(table, static letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain('\u202e', table);
        await agent.StopAsync();
    }

    // A root of its own on a tmpfs, with a link at /dev/shm.
    private static Task<ShmSpace> ContainerAsync(TemporaryFolder folder, string name, string link, string more)
    {
        // A link whose time of access is due to be written is not followed by a lookup that may not wait: it must have been used before.
        string root = Directory.CreateDirectory(folder.File(name)).FullName;
        string make = $"R={root}; mount -t tmpfs -o size=4m tmpfs $R; mkdir -p $R/dev $R/proc; cp \"$0\" $R/shmuser; ln -s {link} $R/dev/shm; sleep 0.05; readlink $R/dev/shm >/dev/null; ";
        return ShmSpace.StartWithAsync(make + more + "; exec chroot $R /shmuser");
    }
}
