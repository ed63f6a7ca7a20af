using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>podman with runc and a storage of its own, and one image: the program shmuser alone. No registry is asked.</summary>
internal sealed class Podman : IAsyncDisposable
{
    private const string Image = "localhost/shmuser:latest";
    private readonly TemporaryFolder _folder = new();
    private readonly Stack<Container> _containers = [];

    private Podman(string locks) => WriteConfiguration(locks);

    /// <summary>A storage without image, whose locks are on the /dev/shm of whoever uses it.</summary>
    public static Podman WithLocksInMemory() => new("shm");

    /// <summary>Prepares the storage and the image.</summary>
    public static async Task<Podman> StartAsync()
    {
        Podman podman = new("file");
        string program = await NativePrograms.PathAsync("shmuser");
        string image = podman._folder.File("image.tar");
        await RunAsync("tar", "-C", Path.GetDirectoryName(program)!, "-cf", image, Path.GetFileName(program));
        await RunAsync("env", podman.Command("import", "-q", image, Image));
        return podman;
    }

    /// <summary>Starts a container with shmuser in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="option">Of podman run.</param>
    /// <param name="commands">For shmuser.</param>
    public async Task StartAsync(string name, string option, params string[] commands)
    {
        Container container = new(name);
        _containers.Push(container);
        container.Client = await Victim.StartAsync("env", Command("run", "-i", "--name", name, "--network", "none", option, Image, "/shmuser"), commands);
    }

    /// <summary>The process in a container.</summary>
    public async Task<int> PidAsync(string name) =>
        int.Parse(await RunAsync("env", Command("inspect", "-f", "{{.State.Pid}}", name)), CultureInfo.InvariantCulture);

    /// <summary>Removes a container and what runs in it.</summary>
    public Task RemoveAsync(string name) => RunAsync("env", Command("rm", "-f", "-t", "0", name));

    /// <summary>The arguments of env that run podman.</summary>
    public string[] Command(params string[] arguments) =>
        [$"CONTAINERS_STORAGE_CONF={_folder.File("storage.conf")}", $"CONTAINERS_CONF={_folder.File("containers.conf")}", "podman", .. arguments];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Those that share something with others first.
        foreach (Container container in _containers)
        {
            if (container.Client is { } client)
            {
                await client.DisposeAsync();
            }

            await RunAsync("env", Command("rm", "-f", "-i", "-t", "0", container.Name));
        }

        // A clean-up that the engine starts for itself may still write there.
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _folder.Dispose();
                return;
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<string> RunAsync(string file, params string[] arguments)
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync(file, arguments);
        Assert.True(code == 0, string.Join(' ', arguments) + ": " + errors);
        return output.Trim();
    }

    // Limits as they can be set without CAP_SYS_RESOURCE.
    private void WriteConfiguration(string locks)
    {
        _folder.Write("storage.conf", $"[storage]\ndriver=\"vfs\"\ngraphroot=\"{_folder.File("graph")}\"\nrunroot=\"{_folder.File("run")}\"\n");
        _folder.Write("containers.conf", $"""
            [containers]
            default_ulimits=["nofile=20000:20000","nproc=4096:4096"]
            log_driver="k8s-file"
            [engine]
            runtime="runc"
            cgroup_manager="cgroupfs"
            events_logger="file"
            lock_type="{locks}"
            tmp_dir="{_folder.File("tmp")}"
            """);
    }

    private sealed class Container(string name)
    {
        public string Name { get; } = name;

        public Victim? Client { get; set; }
    }
}
