using System;
using System.IO;
using System.Text;
using MapAgent.Procfs;
using MapAgent.Shm;

namespace MapAgent.Tests.Shm;

/// <summary>A folder of its own in this machine's /dev/shm, and a tree with one process whose root is this machine's. It deletes itself.</summary>
internal sealed class ShmFolder : IDisposable
{
    public const int Pid = 42;
    private readonly DirectoryInfo _folder = Directory.CreateDirectory($"/dev/shm/mapagent-test-{Guid.NewGuid():N}");

    public ShmFolder()
    {
        Tree = new ProcTree().WithNode().WithProcess(Pid)
            .With(Pid, "mountinfo", File.ReadAllBytes("/proc/self/mountinfo")).With(Pid, "maps", "")
            .WithLink(Pid, "root", "/").WithLink(Pid, "ns/mnt", "mnt:[100]").WithLink(Pid, "ns/ipc", "ipc:[200]");
        Directory.CreateDirectory($"{Tree.Path}/{Pid}/fd");
        Reader = new ProcReader(Tree.Root);
    }

    public ProcTree Tree { get; }

    public ProcReader Reader { get; }

    public string Path => _folder.FullName;

    /// <summary>Writes a file of so many bytes.</summary>
    public string Write(string name, int bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
        return path;
    }

    /// <summary>Opens a path as seen from the process.</summary>
    public ReadOutcome Open(string path, out MountHandle handle)
    {
        using ProcessDirectory directory = Process();
        return ShmReader.Open(directory, Encoding.UTF8.GetBytes(path), Lookup.Local, out handle);
    }

    /// <summary>The process's directory.</summary>
    public ProcessDirectory Process()
    {
        Xunit.Assert.Equal(ReadOutcome.Ok, Reader.Open(Pid, out ProcessDirectory directory));
        return directory;
    }

    public void Dispose()
    {
        Reader.Dispose();
        Tree.Dispose();
        _folder.Delete(recursive: true);
    }
}
