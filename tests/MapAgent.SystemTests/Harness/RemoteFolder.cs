using System;
using System.IO;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>A folder that another process serves, by FUSE.</summary>
internal sealed class RemoteFolder : IAsyncDisposable
{
    private readonly ChildProcess _server;

    private RemoteFolder(ChildProcess server, string path)
    {
        _server = server;
        Path = path;
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one below a folder.</summary>
    public static async Task<RemoteFolder> MountAsync(string folder)
    {
        string source = Directory.CreateDirectory(System.IO.Path.Combine(folder, "served")).FullName;
        string path = Directory.CreateDirectory(System.IO.Path.Combine(folder, "remote")).FullName;
        RemoteFolder remote = new(ChildProcess.Start("bindfs", ["-f", source, path]), path);
        try
        {
            await Wait.UntilAsync("the mount", TimeSpan.FromSeconds(30), () => File.ReadAllText("/proc/self/mountinfo").Contains(path, StringComparison.Ordinal));
            return remote;
        }
        catch
        {
            await remote.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.RunAsync("umount", ["-l", Path]);
        await _server.DisposeAsync();
    }
}
