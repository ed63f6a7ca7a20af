using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>
/// The image of the Dockerfile, built from it as it is on stand-ins for its bases (tests/containers/stand-in-bases.sh). The storage
/// stays in artifacts, so that a second build of the same sources takes seconds.
/// </summary>
public sealed class AgentImage : IAsyncLifetime
{
    /// <summary>Its name, as in the documents.</summary>
    public const string Name = "localhost/mapagent:test";

    private const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private static readonly string s_storage = Path.Combine(Repository.Root, "artifacts", "containers");
    private readonly List<string> _containers = [];

    private static Dictionary<string, string> Storage { get; } = new()
    {
        ["CONTAINERS_STORAGE_CONF"] = Path.Combine(s_storage, "storage.conf"),
        ["CONTAINERS_CONF"] = Path.Combine(s_storage, "containers.conf"),
    };

    /// <summary>What podman inspect says of the image.</summary>
    public JsonElement Description { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await ConfigureAsync();
        long start = Stopwatch.GetTimestamp();
        string script = Path.Combine(Repository.Root, "tests", "containers", "stand-in-bases.sh");
        string dockerfile = Path.Combine(Repository.Root, "Dockerfile");
        (int code, _, string errors) = await ChildProcess.RunAsync(script, [dockerfile], Storage, patience: TimeSpan.FromMinutes(5));
        Assert.True(code == 0, errors);
        double bases = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string output;
        (code, output, errors) = await ChildProcess.RunAsync(
            "podman",
            [
                "build", "--layers", "--format", "docker", "--network=host", "--volume", "/usr:/usr:ro", "--build-arg",
                    $"REVISION={Revision}",
                "-t", Name, Repository.Root,
            ],
            Storage, patience: TimeSpan.FromMinutes(30));
        Assert.True(code == 0, output + errors);
        using JsonDocument inspected = JsonDocument.Parse(await PodmanAsync("image", "inspect", Name));
        Description = inspected.RootElement[0].Clone();
        string file = await ExportAsync("mapagent", "usr/bin/mapagent");
        Figures.Report($"image: {Description.GetProperty("Size").GetInt64() / 1e6:F1} MB on a stand-in base, of which the program {new FileInfo(file).Length / 1e6:F1} MB; "
            + $"bases made in {bases:F0} s, image in {Stopwatch.GetElapsedTime(start).TotalSeconds - bases:F0} s");
        File.Delete(file);
    }

    /// <summary>Runs podman with the image's storage; it must succeed.</summary>
    public static async Task<string> PodmanAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(arguments);
        Assert.True(code == 0, $"podman {string.Join(' ', arguments)}: {errors}");
        return output.Trim();
    }

    /// <summary>Runs podman with the image's storage.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> TryAsync(params string[] arguments) =>
        ChildProcess.RunAsync("podman", arguments, Storage);

    /// <summary>Starts a container in the background, which ends with the tests.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Of podman run, the image and its arguments included, but -d and --name.</param>
    public async Task StartAsync(string name, params string[] arguments)
    {
        await PodmanAsync("rm", "-f", "-i", "-t", "0", name);
        _containers.Add(name);
        await PodmanAsync(["run", "-d", "--name", name, .. arguments]);
    }

    /// <summary>Every file of the image.</summary>
    public static async Task<string[]> FilesAsync()
    {
        string archive = await ExportAsync("files");
        try
        {
            (int code, string output, string errors) = await ChildProcess.RunAsync("tar", ["-tf", archive]);
            Assert.True(code == 0, errors);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in _containers)
        {
            await PodmanAsync("rm", "-f", "-i", "-t", "0", name);
        }
    }

    private static async Task<string> ExportAsync(string name, string? member = null)
    {
        string archive = Path.Combine(s_storage, name + ".tar");
        string container = await PodmanAsync("create", Name);
        try
        {
            await PodmanAsync("export", "-o", archive, container);
        }
        finally
        {
            await PodmanAsync("rm", container);
        }

        if (member is null)
        {
            return archive;
        }

        (int code, _, string errors) = await ChildProcess.RunAsync("tar", ["-C", s_storage, "-xf", archive, member]);
        Assert.True(code == 0, errors);
        File.Delete(archive);
        return Path.Combine(s_storage, member);
    }

    // Limits as they can be set without CAP_SYS_RESOURCE.
    private static async Task ConfigureAsync()
    {
        Directory.CreateDirectory(s_storage);
        await File.WriteAllTextAsync(Storage["CONTAINERS_CONF"], $"""
            [containers]
            default_ulimits=["nofile=20000:20000","nproc=4096:4096"]
            log_driver="k8s-file"
            [engine]
            runtime="runc"
            cgroup_manager="cgroupfs"
            events_logger="file"
            lock_type="file"
            tmp_dir="{s_storage}/tmp"
            """);
        foreach (string driver in new[] { "overlay", "vfs" })
        {
            await File.WriteAllTextAsync(Storage["CONTAINERS_STORAGE_CONF"],
                $"[storage]\ndriver=\"{driver}\"\ngraphroot=\"{s_storage}/{driver}\"\nrunroot=\"{s_storage}/run-{driver}\"\n");
            // Where the checkout lies on an overlay itself, there is none in it.
            if ((await TryAsync("info")).ExitCode == 0)
            {
                return;
            }
        }

        Assert.Fail((await TryAsync("info")).Errors);
    }
}
