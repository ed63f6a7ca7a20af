using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>
/// A Debian 12 with a real systemd as PID 1, in namespaces of its own (systemd-nspawn): processes, mounts, network, IPC, /dev/shm.
/// The tree comes from debootstrap once and is kept in artifacts/debian-bookworm; each machine runs on a copy.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _container;
    private readonly string[] _groups;
    private readonly int _init;

    private Machine(TemporaryFolder folder, ChildProcess container, int init)
    {
        _folder = folder;
        _container = container;
        _init = init;
        _groups = [.. Groups(init)];
    }

    /// <summary>The folder that is the machine's root.</summary>
    public string Root => Path.Combine(_folder.Path, "root");

    /// <summary>Copies the tree and boots it.</summary>
    public static async Task<Machine> BootAsync()
    {
        string tree = await TreeAsync();
        TemporaryFolder folder = new();
        await CheckedAsync("cp", "-a", "--reflink=auto", tree, folder.File("root"));
        // All capabilities, as the PID 1 of a node has them: what a unit gets is up to the unit.
        ChildProcess container = ChildProcess.Start("systemd-nspawn",
            ["-q", "-D", folder.File("root"), "--register=no", "--keep-unit", "--boot", "--console=pipe", "--private-network", "--capability=all"]);
        string init = await Wait.ForAsync("PID 1 of the container", s_patience, async () =>
        {
            Assert.False(container.HasExited, container.Errors + container.Output);
            (_, string child, _) = await ChildProcess.RunAsync("pgrep", ["-o", "-P", $"{container.Id}"]);
            return child.Length > 0 ? child.Trim() : null;
        });
        Machine machine = new(folder, container, int.Parse(init, CultureInfo.InvariantCulture));
        await Wait.UntilAsync("systemd", s_patience, async () =>
            (await machine.TryAsync("systemctl", "is-system-running")).Output.Trim() is "running" or "degraded");
        return machine;
    }

    /// <summary>Runs a command in the machine to its end, with all rights.</summary>
    public Task<(int ExitCode, string Output, string Errors)> TryAsync(params string[] command) =>
        ChildProcess.RunAsync("nsenter", [.. Inside("-m", "-u", "-i", "-p", "-n", "-r", "-w"), .. command], patience: s_patience);

    /// <summary>Runs a command in the machine; it must succeed.</summary>
    /// <returns>What it wrote, without the last line's end.</returns>
    public async Task<string> RunAsync(params string[] command)
    {
        (int code, string output, string errors) = await TryAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {code}\n{output}{errors}");
        return output.Trim();
    }

    /// <summary>Starts a command in the machine that goes on.</summary>
    public ChildProcess Start(params string[] command) =>
        ChildProcess.Start("nsenter", [.. Inside("-m", "-u", "-i", "-p", "-n", "-r", "-w"), .. command]);

    /// <summary>A page that something in the machine serves on its loopback; null while nobody does.</summary>
    public async Task<string?> GetAsync(string url)
    {
        (int code, string output, _) = await ChildProcess.RunAsync("nsenter", [.. Inside("-n"), "curl", "-sf", "--noproxy", "*", "--max-time", "10", url]);
        return code == 0 ? output : null;
    }

    /// <summary>Copies a file into the machine.</summary>
    public void Put(string file, string target)
    {
        string path = Path.Combine(Root, target.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(file, path, overwrite: true);
    }

    /// <summary>Writes a file in the machine.</summary>
    public void Write(string target, string text)
    {
        string path = Path.Combine(Root, target.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Reads a file of the machine's disk.</summary>
    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path.TrimStart('/')));

    /// <summary>True when a file or folder is on the machine's disk.</summary>
    public bool Has(string path) => Path.Exists(Path.Combine(Root, path.TrimStart('/')));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // With PID 1 all of the container ends, and nspawn after it.
        Signals.Send(_init, Signals.Kill);
        await _container.WaitAsync(s_patience);
        await _container.DisposeAsync();
        foreach (string group in _groups)
        {
            await ChildProcess.RunAsync("find", [group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]);
        }

        await CheckedAsync("rm", "-rf", "--one-file-system", _folder.File("root"));
        _folder.Dispose();
    }

    private static async Task<string> TreeAsync()
    {
        string tree = Path.Combine(Repository.Root, "artifacts", "debian-bookworm");
        if (!Directory.Exists(tree))
        {
            await CheckedAsync(Path.Combine(Repository.Root, "tests", "containers", "debian-tree.sh"), tree);
        }

        return tree;
    }

    private static async Task CheckedAsync(string file, params string[] arguments)
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync(file, arguments, patience: TimeSpan.FromMinutes(10));
        Assert.True(code == 0, $"{file} {string.Join(' ', arguments)}: {code}\n{output}\n{errors}");
    }

    // nspawn puts itself and what it runs into two groups beside each other, and leaves them behind.
    private static IEnumerable<string> Groups(int pid) =>
        File.ReadLines($"/proc/{pid}/cgroup").Select(static line => line.Split(':', 3)[2])
            .Where(static path => path.Contains("/payload", StringComparison.Ordinal))
            .Select(static path => path[..path.IndexOf("/payload", StringComparison.Ordinal)]).Distinct()
            .SelectMany(static parent => new[] { "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup" }.Select(mount => mount + parent))
            .SelectMany(static parent => new[] { parent + "/payload", parent + "/supervisor" })
            .Where(Directory.Exists);

    private string[] Inside(params string[] namespaces) => ["-t", $"{_init}", .. namespaces];
}
