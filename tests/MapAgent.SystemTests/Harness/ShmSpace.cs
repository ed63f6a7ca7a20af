using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A mount namespace with something of its own on /dev/shm, and the process that keeps it.</summary>
internal sealed class ShmSpace : IAsyncDisposable
{
    private Victim _keeper = null!;

    private ShmSpace()
    {
    }

    /// <summary>The process that keeps it.</summary>
    public int Pid => _keeper.Pid;

    /// <summary>The device of what is on /dev/shm, as major:minor; the topmost where several mounts lie there.</summary>
    public string Device => Mounts(Pid).Last(static mount => mount.Point == "/dev/shm").Device;

    /// <summary>The value of the label <c>mount</c>.</summary>
    public string Label => $"/dev/shm[{Device}]";

    /// <summary>Starts one with a tmpfs.</summary>
    /// <param name="options">Of the mount.</param>
    /// <param name="commands">For the process, see Native/shmuser.c.</param>
    public static Task<ShmSpace> StartAsync(string options = "size=1m", params string[] commands) =>
        StartWithAsync($"mount -t tmpfs -o {options} tmpfs /dev/shm", commands);

    /// <summary>Starts one in which a shell has done something before.</summary>
    public static async Task<ShmSpace> StartWithAsync(string script, params string[] commands)
    {
        string[] arguments = ["-m", "--propagation", "private", "sh", "-ec", script + "; exec \"$0\"", await NativePrograms.PathAsync("shmuser")];
        return new ShmSpace { _keeper = await Victim.StartAsync("unshare", arguments, commands) };
    }

    /// <summary>What a process sees mounted, in the order of mounting.</summary>
    public static IEnumerable<(string Device, string Point)> Mounts(int pid) =>
        File.ReadAllLines($"/proc/{pid}/mountinfo").Select(static line => line.Split(' ')).Select(static words => (words[2], words[4]));

    /// <summary>Gives the process a command.</summary>
    public Task DoAsync(string command) => _keeper.DoAsync(command);

    /// <summary>Starts a second process in the namespace.</summary>
    public async Task<Victim> JoinAsync(params string[] commands) => await Victim.StartAsync("nsenter", Enter(await NativePrograms.PathAsync("shmuser")), commands);

    /// <summary>The arguments of nsenter that run a program in the namespace.</summary>
    public string[] Enter(params string[] command) => ["-t", Pid.ToString(CultureInfo.InvariantCulture), "-m", .. command];

    /// <summary>Runs a program in the namespace to its end; it must succeed.</summary>
    public async Task RunAsync(params string[] command)
    {
        (int code, _, string errors) = await ChildProcess.RunAsync("nsenter", Enter(command));
        Assert.True(code == 0, errors);
    }

    /// <summary>A value of the mount; null without series.</summary>
    public double? Value(Exposition page, string family) => page.Value($"mapagent_shm_{family}", ("mount", Label));

    /// <summary>Scrapes until its names were listed: in the first pass a crowded mount may have taken the time for it.</summary>
    public Task<Exposition> ListedAsync(Agent agent) => agent.ScrapeUntilAsync("the names in " + Label, page => Value(page, "segments") is not null);

    /// <summary>Bytes of one family of names; null without series.</summary>
    public double? Family(Exposition page, string family) => page.Value("mapagent_shm_family_bytes", ("mount", Label), ("family", family));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _keeper.DisposeAsync();
}
