using System;
using System.IO;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ProcReaderTests
{
    [Fact]
    public void The_pids_of_a_tree_are_listed_every_time_anew()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42).WithProcess(7).With("sys/x", "").With("12ab/stat", "");
        using ProcReader reader = new(tree.Root);
        PidList pids = new();
        Assert.Equal(ReadOutcome.Ok, reader.List(pids));
        Assert.Equal([7, 42], pids.Pids.ToArray().Order());
        tree.Remove(7);
        Assert.Equal(ReadOutcome.Ok, reader.List(pids));
        Assert.Equal([42], pids.Pids.ToArray());
    }

    [Fact]
    public void A_directory_of_thousands_is_listed_whole()
    {
        using ProcTree tree = new();
        for (int pid = 1; pid <= 3_000; pid++)
        {
            Directory.CreateDirectory($"{tree.Path}/{pid}");
        }

        using ProcReader reader = new(tree.Root);
        PidList pids = new();
        Assert.Equal(ReadOutcome.Ok, reader.List(pids));
        Assert.Equal(Enumerable.Range(1, 3_000), pids.Pids.ToArray().Order());
    }

    [Fact]
    public void Files_of_a_process_and_of_the_node_are_read_whole()
    {
        using ProcTree tree = new ProcTree().WithNode().WithFixture("6.18", "shell");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Read(31626, ProcFile.Stat, out ReadOnlySpan<byte> text));
        Assert.Equal(Fixture.Bytes("6.18", "shell", "stat"), text.ToArray());
        Assert.Equal(ReadOutcome.Ok, reader.Open(31626, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(31626, directory.Pid);
            Assert.Equal(ReadOutcome.Ok, reader.Read(directory, ProcFile.Status, out ReadOnlySpan<byte> status));
            Assert.Equal(Fixture.Bytes("6.18", "shell", "status"), status.ToArray());
        }

        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.Pressure, out text));
        Assert.Equal(Fixture.Bytes("6.18", "node", "pressure/memory"), text.ToArray());
    }

    [Fact]
    public void A_file_longer_than_the_first_buffer_is_read_whole()
    {
        byte[] long100K = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"{i % 10000:D4}\n")));
        using ProcTree tree = new ProcTree().With(42, "cmdline", long100K);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Read(42, ProcFile.Cmdline, out ReadOnlySpan<byte> text));
        Assert.True(text.SequenceEqual(long100K));
        Assert.Equal(0, reader.Ledger.CutTotal);
    }

    [Fact]
    public void A_file_longer_than_its_bound_is_cut_and_counted()
    {
        using ProcTree tree = new ProcTree().With(42, "cmdline", new byte[300_000]).With("vmstat", new byte[2_000_000]);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Read(42, ProcFile.Cmdline, out ReadOnlySpan<byte> text));
        Assert.Equal(ProcFile.Cmdline.Bound(), text.Length);
        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.VmStat, out text));
        Assert.Equal(ProcFile.VmStat.Bound(), text.Length);
        Assert.Equal((1, 1, 2), (reader.Ledger.Cut(ProcFile.Cmdline), reader.Ledger.Cut(ProcFile.VmStat), reader.Ledger.CutTotal));
    }

    [Fact]
    public void A_bound_holds_after_a_longer_file_has_been_read()
    {
        using ProcTree tree = new ProcTree().With(42, "cmdline", new byte[300_000]).With("vmstat", new byte[900_000]);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.VmStat, out _));
        Assert.Equal(ReadOutcome.Ok, reader.Read(42, ProcFile.Cmdline, out ReadOnlySpan<byte> text));
        Assert.Equal(ProcFile.Cmdline.Bound(), text.Length);
        Assert.Equal(1, reader.Ledger.Cut(ProcFile.Cmdline));
    }

    [Fact]
    public void What_is_not_there_is_gone()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", "").With("43", "a file where a process should be");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Gone, reader.Open(41, out _));
        Assert.Equal(ReadOutcome.Gone, reader.Read(41, ProcFile.Stat, out ReadOnlySpan<byte> text));
        Assert.True(text.IsEmpty);
        Assert.Equal(ReadOutcome.Gone, reader.Read(42, ProcFile.Status, out _));
        Assert.Equal(ReadOutcome.Gone, reader.Read(43, ProcFile.Stat, out _));
        Assert.Equal(ReadOutcome.Gone, reader.Read(ProcFile.VmStat, out _));
        Assert.Equal(ReadOutcome.Gone, reader.OpenSelf(out _));
        Assert.Equal(0, reader.LastFailure);
    }

    [Fact]
    public void What_the_file_system_refuses_is_denied()
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using Child chmod = Child.Start("chmod", "000", $"{tree.Path}/42/smaps_rollup");
        chmod.WaitForExit();
        using Child open = Child.Start("chmod", "755", tree.Path);
        open.WaitForExit();
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Denied, Unprivileged.Call(() => reader.Read(42, ProcFile.SmapsRollup, out _)));
        Assert.Equal(ReadOutcome.Denied, Unprivileged.Call(() =>
        {
            Assert.Equal(ReadOutcome.Ok, reader.Open(42, out ProcessDirectory directory));
            using (directory)
            {
                return reader.ReadRollup(directory, new ProcessId(42, 1234), out _);
            }
        }));
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.SmapsRollup, ReadOutcome.Denied));
    }

    [Fact]
    public void Any_other_error_is_a_failure_and_its_number_is_kept()
    {
        using ProcTree tree = new();
        Directory.CreateDirectory($"{tree.Path}/42/stat");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Failed, reader.Read(42, ProcFile.Stat, out ReadOnlySpan<byte> text));
        Assert.True(text.IsEmpty);
        // EISDIR.
        Assert.Equal(21, reader.LastFailure);
    }

    [Fact]
    public void A_fifo_does_not_hang_the_reader()
    {
        using ProcTree tree = new ProcTree().With(42, "status", "");
        using Child mkfifo = Child.Start("mkfifo", $"{tree.Path}/42/stat");
        mkfifo.WaitForExit();
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.Read(42, ProcFile.Stat, out ReadOnlySpan<byte> text));
        Assert.True(text.IsEmpty);
        Assert.Equal(ReadOutcome.Malformed, reader.ReadStat(42, out _));
    }

    [Fact]
    public void A_root_relative_to_the_working_directory_works()
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using ProcReader reader = new(new ProcRoot(Path.GetRelativePath(Directory.GetCurrentDirectory(), tree.Path)));
        Assert.Equal(ReadOutcome.Ok, reader.ReadStat(42, out _));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("file")]
    [InlineData("file/below")]
    public void A_root_that_is_no_directory_is_refused_by_name(string name)
    {
        using ProcTree tree = new ProcTree().With("file", "x");
        string path = $"{tree.Path}/{name}";
        IOException error = Assert.Throws<IOException>(() => new ProcReader(new ProcRoot(path)));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Descriptors_of_a_tree_are_counted_without_the_one_that_counts()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).WithSelf(42, descriptors: 12);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(ReadOutcome.Ok, reader.OpenSelf(out ProcessDirectory self));
        using (self)
        {
            // In a tree nobody opens anything: the one taken off is one of the twelve.
            Assert.Equal(11, reader.CountDescriptors(self));
        }

        Assert.Equal(ReadOutcome.Ok, reader.Open(42, out ProcessDirectory other));
        using (other)
        {
            Directory.Delete($"{tree.Path}/42/fd", recursive: true);
            Assert.Null(reader.CountDescriptors(other));
        }
    }
}
