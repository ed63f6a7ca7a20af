using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>The installed service under a real systemd, with the whole of its hardening.</summary>
[Collection(OneMachine.Name)]
public sealed class InstalledServiceTests(InstalledService service)
{
    private const string ConfigurationFile = "/etc/mapagent/mapagent.yaml";
    private const ulong Rights = (1 << 19) | (1 << 2);

    private Machine Machine => service.Machine;

    [Fact]
    public async Task It_runs_from_the_installation_on_with_two_capabilities_and_no_more()
    {
        await service.ActiveAsync();
        Assert.Equal("active", await service.PropertyAsync("ActiveState"));
        Assert.Equal("enabled", await Machine.RunAsync("systemctl", "is-enabled", "mapagent"));
        Assert.Equal("notify", await service.PropertyAsync("Type"));
        Assert.Contains(" processes in ", await service.PropertyAsync("StatusText"), StringComparison.Ordinal);

        Assert.Equal(await Machine.RunAsync("id", "-u", "mapagent"), (await service.StatusAsync("Uid")).Split('\t')[0]);
        foreach (string set in new[] { "CapEff", "CapPrm", "CapBnd", "CapAmb" })
        {
            Assert.Equal(Rights, ulong.Parse(await service.StatusAsync(set), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        Assert.Equal(("1", "2"), (await service.StatusAsync("NoNewPrivs"), await service.StatusAsync("Seccomp")));
        Assert.Equal("yes", await service.PropertyAsync("MemoryDenyWriteExecute"));
        Assert.DoesNotContain(await service.JournalAsync(), static entry => entry.Priority < 6);
    }

    [Fact]
    public async Task It_sees_the_processes_of_everybody_and_the_shared_memory_of_the_node_and_of_a_container()
    {
        await Machine.RunAsync("systemd-run", "-q", "--unit=foreign", "-p", "User=nobody", "sh", "-c", "exec sleep 100000");
        await Machine.RunAsync("systemd-run", "-q", "--unit=inside", "-p", "TemporaryFileSystem=/dev/shm:size=4m,mode=1777",
            "sh", "-c", "head -c 65536 /dev/zero >/dev/shm/inside; exec sleep 100001");
        await Machine.RunAsync("sh", "-c", "head -c 1048576 /dev/zero >/dev/shm/outside");
        try
        {
            await Machine.RunAsync("systemctl", "reload", "mapagent");
            Exposition page = await service.ScrapeUntilAsync("both processes and both mounts", static page =>
                page.Value("mapagent_process_measured", ("group", "sleep")) == 2 && page.Find("mapagent_shm_used_bytes").Length == 2);
            Assert.InRange(page.Value("mapagent_process_pss_bytes", ("group", "sleep"))!.Value, 1, 64 << 20);
            Assert.Equal([65_536, 1_048_576], page.Find("mapagent_shm_used_bytes").Select(static sample => sample.Value).Order());
            await Wait.UntilAsync("as many processes as the machine has", TimeSpan.FromSeconds(60), async () =>
                (await service.ActiveAsync()).Sum("mapagent_processes") == await ProcessesAsync());
            Assert.DoesNotContain(page.Find("mapagent_process_unmeasured", ("reason", "denied")), static sample => sample.Value > 0);
        }
        finally
        {
            await Machine.RunAsync("systemctl", "stop", "foreign", "inside");
            await Machine.RunAsync("rm", "/dev/shm/outside");
        }
    }

    [Fact]
    public async Task A_reload_takes_a_good_configuration_and_refuses_a_bad_one()
    {
        await service.ActiveAsync();
        string installed = Machine.Read(ConfigurationFile);
        int pid = await service.PidAsync();
        try
        {
            Machine.Write(ConfigurationFile, "process_names: [{name: everything, cmdline: ['.+']}]\n");
            await Machine.RunAsync("systemctl", "reload", "mapagent");
            await service.ScrapeUntilAsync("the new group", static page => page.Value("mapagent_processes", ("group", "everything")) > 0);

            Machine.Write(ConfigurationFile, "nonsense: 1\n");
            await Machine.RunAsync("systemctl", "reload", "mapagent");
            Exposition page = await service.ScrapeUntilAsync("the refusal", static page => page.Value("mapagent_config_last_reload_successful") == 0);
            Assert.True(page.Value("mapagent_processes", ("group", "everything")) > 0);
            Assert.Equal("active", await service.PropertyAsync("ActiveState"));
            Assert.Equal(pid, await service.PidAsync());
            IReadOnlyList<(int Priority, string Text)> journal = await service.JournalAsync();
            Assert.Contains(journal, static entry => entry.Priority == 3 && entry.Text.Contains("mapagent.yaml:1: unknown key nonsense", StringComparison.Ordinal));
            Assert.Contains(journal, static entry => entry.Priority == 6 && entry.Text.StartsWith("MapAgent ", StringComparison.Ordinal));
        }
        finally
        {
            Machine.Write(ConfigurationFile, installed);
            await service.RestartAsync();
        }
    }

    [Fact]
    public async Task It_is_started_again_after_a_kill()
    {
        await service.ActiveAsync();
        int pid = await service.PidAsync();
        int restarts = await RestartsAsync();
        await Machine.RunAsync("kill", "-KILL", $"{pid}");
        await Wait.UntilAsync("another start", TimeSpan.FromSeconds(60), async () => await RestartsAsync() > restarts && await service.PidAsync() != 0);
        await service.ActiveAsync();
        Assert.NotEqual(pid, await service.PidAsync());
    }

    [Fact]
    public async Task The_watchdog_starts_it_again_when_the_sampler_stands_still()
    {
        // Faster than the unit's own 30 s, for the test's sake alone.
        await service.ConfigureAsync("[Service]\nWatchdogSec=2s\nRestartSec=1s\nEnvironment=MAPAGENT_SAMPLING_INTERVAL=500ms\n");
        try
        {
            int pid = await service.PidAsync();
            Machine.Put(await NativePrograms.PathAsync("freeze"), "/root/freeze");
            await Machine.RunAsync("chmod", "755", "/root/freeze");
            string sampler = await Machine.RunAsync("sh", "-c", $"grep -l '^sampler' /proc/{pid}/task/*/comm | cut -d/ -f5");
            await using (ChildProcess freezer = Machine.Start("/root/freeze", sampler))
            {
                await Wait.UntilAsync("the freezer: " + freezer.Errors, TimeSpan.FromSeconds(10), () => freezer.Output.Contains("frozen", StringComparison.Ordinal));
                await Wait.UntilAsync("the watchdog", TimeSpan.FromSeconds(60), async () =>
                    (await Machine.RunAsync("journalctl", "-u", "mapagent", "-o", "cat")).Contains("Watchdog timeout", StringComparison.Ordinal));
                // A process whose thread is traced is not gone before its tracer is.
                freezer.CloseInput();
                await freezer.WaitAsync(TimeSpan.FromSeconds(10));
            }

            await Wait.UntilAsync("another start", TimeSpan.FromSeconds(60), async () => await service.PidAsync() is not 0 and int now && now != pid);
            await service.ActiveAsync();
            Assert.InRange(await RestartsAsync(), 1, 3);
            Assert.Contains("Failed with result 'watchdog'", await Machine.RunAsync("journalctl", "-u", "mapagent", "-o", "cat"), StringComparison.Ordinal);
        }
        finally
        {
            await service.RestoreAsync();
        }
    }

    [Fact]
    public async Task It_stops_within_five_seconds()
    {
        await service.ActiveAsync();
        long start = Stopwatch.GetTimestamp();
        await Machine.RunAsync("systemctl", "stop", "mapagent");
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "stopping took too long");
        Assert.Equal(("inactive", "success"), (await service.PropertyAsync("ActiveState"), await service.PropertyAsync("Result")));
        Assert.Null(await Machine.GetAsync("http://127.0.0.1:19256/metrics"));
        await service.RestartAsync();
        await service.ActiveAsync();
    }

    [Fact]
    public async Task A_start_with_a_bad_configuration_fails_once_and_says_why()
    {
        await service.ConfigureAsync("[Service]\nEnvironment=MAPAGENT_CONFIG_FILE=/etc/mapagent/other.yaml\n");
        try
        {
            await Wait.UntilAsync("the failure", TimeSpan.FromSeconds(20), async () => await service.PropertyAsync("ActiveState") == "failed");
            Assert.Equal(0, await RestartsAsync());
            Assert.Contains(await service.JournalAsync(), static entry => entry.Text.Contains("/etc/mapagent/other.yaml", StringComparison.Ordinal));
        }
        finally
        {
            await service.RestoreAsync();
        }
    }

    [Fact]
    public async Task It_writes_nothing()
    {
        await service.ActiveAsync();
        Assert.Equal("", await Machine.RunAsync("find", "/", "-xdev", "-user", "mapagent", "-not", "-path", "/proc/*"));
        Assert.Equal("", await Machine.RunAsync("find", "/dev/shm", "/run", "/tmp", "/var/tmp", "-user", "mapagent"));
        // What it holds open for writing is sockets, pipes and event descriptors, and the triggers that it asked the kernel for.
        string files = await Machine.RunAsync("sh", "-c",
            $"cd /proc/{await service.PidAsync()}; for f in fd/*; do grep -q 'flags:.*[12]$' fdinfo/${{f#fd/}} && readlink $f; done; true");
        Assert.DoesNotContain(files.Split('\n'), static file => file.StartsWith('/') && !file.StartsWith("/dev/", StringComparison.Ordinal) && file != "/proc/pressure/memory");
    }

    // MAPAGENT_REST_MINUTES says how long it is left alone with a scrape every 15 s before it is looked at.
    [Fact]
    public async Task It_stays_small()
    {
        await service.ActiveAsync();
        double minutes = double.Parse(Environment.GetEnvironmentVariable("MAPAGENT_REST_MINUTES") is { Length: > 0 } said ? said : "0", CultureInfo.InvariantCulture);
        for (int i = 0; i < minutes * 4; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
            Assert.NotNull(await Machine.GetAsync("http://127.0.0.1:19256/metrics"));
        }

        string rested = minutes > 0 ? FormattableString.Invariant($"after {minutes} minutes {await ResidentAsync() / 1e6:F1} MB resident, of which {await ResidentAsync("RssFile") / 1e6:F1} MB of files; ") : "";
        for (int i = 0; i < 50; i++)
        {
            Assert.NotNull(await Machine.GetAsync("http://127.0.0.1:19256/metrics"));
        }

        long resident = await ResidentAsync();
        Figures.Report(FormattableString.Invariant($"installed service, {await ProcessesAsync()} processes: {rested}after 50 scrapes at once {resident / 1e6:F1} MB resident"));
        Assert.InRange(resident, 1, 64 << 20);
    }

    private async Task<long> ResidentAsync(string line = "VmRSS") =>
        long.Parse((await service.StatusAsync(line)).Split(' ')[0], CultureInfo.InvariantCulture) * 1024;

    private async Task<int> RestartsAsync() => int.Parse(await service.PropertyAsync("NRestarts"), CultureInfo.InvariantCulture);

    // The shell, ls and grep that look are gone again when it is known.
    private async Task<int> ProcessesAsync() =>
        int.Parse(await Machine.RunAsync("sh", "-c", "ls /proc | grep -c '^[0-9]'"), CultureInfo.InvariantCulture) - 3;
}
