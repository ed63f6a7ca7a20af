using System;
using System.IO;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class RootPathTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mapagent-root-");
    private readonly ProcTree _tree = new();
    private readonly ProcReader _reader;

    public RootPathTests()
    {
        _tree.WithProcess(42).WithLink(42, "root", _root.FullName);
        _reader = new ProcReader(_tree.Root);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _tree.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public void A_file_is_found_as_the_kernel_numbers_it()
    {
        string file = Write("lib x.so");
        Assert.Equal(ReadOutcome.Ok, Find("/lib x.so", out FileIdentity found));
        // As maps would show it: the device of the folder's mount, and the inode number of ls -i.
        using Child ls = Child.Start("ls", "-i", file);
        Assert.Equal(ulong.Parse(ls.Hear().Trim().Split(' ')[0]), found.Inode);
        Assert.Contains(File.ReadAllLines("/proc/self/mountinfo"), line => line.Split(' ')[2] == found.Device.ToString());
    }

    [Fact]
    public void A_path_that_is_not_there_is_gone()
    {
        Assert.Equal(ReadOutcome.Gone, Find("/lib/x.so", out _));
        Write("file");
        Assert.Equal(ReadOutcome.Gone, Find("/file/below", out _));
    }

    [Fact]
    public void No_link_is_followed_and_no_dots_lead_out()
    {
        Write("real");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "link"), "real");
        Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "out"), "/proc/self");
        Assert.Equal(ReadOutcome.Failed, Find("/out/stat", out _));
        Assert.Equal(ReadOutcome.Failed, Find("/link/x", out _));
        Assert.Equal(ReadOutcome.Ok, Find("/../../../real", out _));
        Assert.Equal(ReadOutcome.Gone, Find("/../../../proc/self/stat", out _));
    }

    [Fact]
    public void What_the_kernel_does_not_have_at_hand_is_not_looked_up_when_waiting_is_forbidden()
    {
        Write("seen");
        Assert.Equal(ReadOutcome.Ok, Find("/seen", out _));
        Assert.Equal(ReadOutcome.Ok, Find("/seen", out _, mayWait: false));
        // A name that nobody has asked for in this new folder: the filesystem would have to be asked.
        Assert.NotEqual(ReadOutcome.Ok, Find("/never asked for", out _, mayWait: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(5000)]
    public void A_path_that_no_call_would_take_fails(object path) =>
        Assert.Equal(ReadOutcome.Failed, Find(path is int length ? "/" + new string('x', length) : "", out _));

    [Fact]
    public void A_fifo_or_device_is_not_opened()
    {
        using Child mkfifo = Child.Start("mkfifo", Path.Combine(_root.FullName, "fifo"));
        mkfifo.WaitForExit();
        Assert.Equal(ReadOutcome.Ok, Find("/fifo", out FileIdentity found));
        Assert.NotEqual(0UL, found.Inode);
    }

    [Fact]
    public void A_process_whose_root_may_not_be_seen_is_denied()
    {
        ReadOutcome outcome = Unprivileged.Call(() =>
        {
            using ProcReader reader = new(ProcRoot.Default);
            Assert.Equal(ReadOutcome.Ok, reader.Open(1, out ProcessDirectory directory));
            using (directory)
            {
                return RootPath.Find(directory, "/bin/sh"u8, mayWait: true, out _);
            }
        });
        Assert.Equal(ReadOutcome.Denied, outcome);
    }

    private string Write(string name)
    {
        string path = Path.Combine(_root.FullName, name);
        File.WriteAllText(path, "x");
        return path;
    }

    private ReadOutcome Find(string path, out FileIdentity found, bool mayWait = true)
    {
        Assert.Equal(ReadOutcome.Ok, _reader.Open(42, out ProcessDirectory directory));
        using (directory)
        {
            return RootPath.Find(directory, Encoding.UTF8.GetBytes(path), mayWait, out found);
        }
    }
}
