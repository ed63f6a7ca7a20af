using System;
using System.IO;
using System.Linq;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

/// <summary>Counts the descriptors of the test process, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class DescriptorTests
{
    // The runtime itself may open one or two.
    private const int Slack = 10;

    [Fact]
    public void Hundreds_of_reads_leave_no_descriptor_open()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42).WithProcess(43).With(43, "smaps_rollup", "");
        Directory.CreateDirectory($"{tree.Path}/44/stat");
        using ProcReader reader = new(tree.Root);
        using ProcReader kernel = new(ProcRoot.Default);
        int before = Open();
        for (int i = 0; i < 300; i++)
        {
            ReadAll(reader, 41 + (i % 4));
            ReadAll(kernel, Environment.ProcessId);
            reader.List(new PidList());
            reader.Read(ProcFile.VmStat, out _);
        }

        Assert.InRange(Open(), 0, before + Slack);
    }

    [Fact]
    public void Readers_that_are_disposed_or_refused_leave_no_descriptor_open()
    {
        using ProcTree tree = new ProcTree().With("file", "x");
        int before = Open();
        for (int i = 0; i < 100; i++)
        {
            new ProcReader(tree.Root).Dispose();
            Assert.Throws<IOException>(() => new ProcReader(new ProcRoot(tree.Path + "/file")));
        }

        Assert.InRange(Open(), 0, before + Slack);
    }

    [Fact]
    public void A_reader_disposed_twice_closes_nothing_of_others()
    {
        using ProcTree tree = new ProcTree().With("file", "x");
        ProcReader reader = new(tree.Root);
        reader.Dispose();
        // The kernel gives out the lowest number that is free, which was the reader's.
        using FileStream other = File.OpenRead(tree.Path + "/file");
        reader.Dispose();
        Assert.Equal('x', other.ReadByte());
    }

    private static void ReadAll(ProcReader reader, int pid)
    {
        reader.ReadStat(pid, out _);
        if (reader.Open(pid, out ProcessDirectory directory) == ReadOutcome.Ok)
        {
            using (directory)
            {
                reader.ReadRollup(directory, new ProcessId(pid, 1234), out _);
                reader.ReadStatus(directory, out _);
                reader.ReadCmdline(directory, out _);
                reader.ReadExe(directory, out _);
                reader.CountDescriptors(directory);
            }
        }
    }

    private static int Open() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}

/// <summary>Tests that must not run beside others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
