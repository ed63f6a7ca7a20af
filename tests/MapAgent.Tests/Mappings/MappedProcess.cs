using System;
using System.IO;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Tests.Mappings;

/// <summary>A tree with one process that is read deeply, and whose root is a folder of its own.</summary>
internal sealed class MappedProcess : IDisposable
{
    public const int Pid = 42;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mapagent-root-");

    public MappedProcess(string mounts = "1 0 254:0 / / rw - ext4 /dev/vda rw\n")
    {
        Tree = new ProcTree().WithProcess(Pid).WithLink(Pid, "root", _root.FullName).With(Pid, "mountinfo", mounts);
        Reader = new ProcReader(Tree.Root);
        Reading = new AnatomyReading(Reader);
    }

    public ProcTree Tree { get; }

    public ProcReader Reader { get; }

    public AnatomyReading Reading { get; set; }

    public Anatomy Anatomy { get; } = new();

    /// <summary>The root of the process.</summary>
    public string Root => _root.FullName;

    /// <summary>Gives it other mappings and reads them.</summary>
    public ReadOutcome Read(SmapsText smaps) => Read(smaps.ToBytes());

    /// <inheritdoc cref="Read(SmapsText)"/>
    public ReadOutcome Read(byte[] smaps)
    {
        Tree.With(Pid, "smaps", smaps);
        return Read();
    }

    /// <summary>Reads what is there.</summary>
    public ReadOutcome Read()
    {
        if (Reader.Open(Pid, out ProcessDirectory directory) != ReadOutcome.Ok)
        {
            return ReadOutcome.Gone;
        }

        using (directory)
        {
            return Reading.Read(directory, new ProcessId(Pid, 1234), Anatomy);
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Tree.Dispose();
        _root.Delete(recursive: true);
    }
}
