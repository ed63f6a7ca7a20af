using System;
using System.IO;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Tests;

/// <summary>A directory that looks like /proc. Tests state only what differs; it deletes itself.</summary>
internal sealed class ProcTree : IDisposable
{
    /// <summary>An empty root.</summary>
    public ProcTree() => Path = Directory.CreateTempSubdirectory("mapagent-tree-").FullName;

    /// <summary>The root's path.</summary>
    public string Path { get; }

    /// <summary>The root.</summary>
    public ProcRoot Root => new(Path);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Writes a file of a process.</summary>
    public ProcTree With(int pid, string file, string text) => With($"{pid}/{file}", Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file of a process as bytes.</summary>
    public ProcTree With(int pid, string file, byte[] bytes) => With($"{pid}/{file}", bytes);

    /// <summary>Writes a file of the node.</summary>
    public ProcTree With(string file, string text) => With(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes any file below the root.</summary>
    public ProcTree With(string file, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    /// <summary>Makes a link of a process, such as exe.</summary>
    public ProcTree WithLink(int pid, string name, string target)
    {
        string path = $"{Path}/{pid}/{name}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        return this;
    }

    /// <summary>A plausible process: stat, statm, status, smaps_rollup, cmdline, cgroup.</summary>
    public ProcTree WithProcess(int pid, StatLine? stat = null, RollupText? rollup = null)
    {
        StatLine line = (stat ?? new StatLine()) with { Pid = pid };
        return With(pid, "stat", line.ToBytes())
            .With(pid, "statm", $"{line.VirtualBytes / 4096} {line.ResidentPages} 100 5 0 96 0\n")
            .With(pid, "status", $"Name:\tx\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t{pid}\nCapEff:\t0000000000000000\n")
            .With(pid, "smaps_rollup", (rollup ?? new RollupText()).ToString())
            .With(pid, "cmdline", $"/usr/bin/{line.Comm}\0")
            .With(pid, "cgroup", "0::/system.slice/demo.service\n");
    }

    /// <summary>Copies a captured process under the pid it had.</summary>
    public ProcTree WithFixture(string kernel, string process)
    {
        string text = Encoding.Latin1.GetString(Fixture.Bytes(kernel, process, "stat"));
        int pid = int.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)]);
        foreach (string file in Fixture.Files(kernel, process))
        {
            With(pid, file, Fixture.Bytes(kernel, process, file));
        }

        return this;
    }

    /// <summary>The captured files of the node.</summary>
    public ProcTree WithNode()
    {
        foreach (string file in (string[])["vmstat", "meminfo", "stat", "uptime", "pressure/memory"])
        {
            With(file, Fixture.Bytes("6.18", "node", file));
        }

        return this;
    }

    /// <summary>Makes one of the processes the reader itself, with descriptors.</summary>
    public ProcTree WithSelf(int pid, int descriptors)
    {
        for (int i = 0; i < descriptors; i++)
        {
            With(pid, $"fd/{i}", "");
        }

        File.CreateSymbolicLink($"{Path}/self", $"{pid}");
        return this;
    }

    /// <summary>Ends a process and starts another, which has the same files but stat.</summary>
    public void Replace(int pid, StatLine next)
    {
        Directory.Move($"{Path}/{pid}", $"{Path}/{next.Pid}");
        With(next.Pid, "stat", next.ToBytes());
    }

    /// <summary>Takes a process away.</summary>
    public void Remove(int pid) => Directory.Delete($"{Path}/{pid}", recursive: true);
}
