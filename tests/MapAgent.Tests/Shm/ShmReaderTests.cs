using System;
using System.IO;
using MapAgent.Procfs;
using MapAgent.Shm;
using Xunit;

namespace MapAgent.Tests.Shm;

[Collection("dev shm")]
public sealed class ShmReaderTests : IDisposable
{
    private readonly ShmFolder _folder = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mapagent-root-");

    public void Dispose()
    {
        _folder.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public void Dev_shm_is_measured_as_df_does()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open("/dev/shm", out MountHandle handle));
        using (handle)
        {
            Assert.Equal(ReadOutcome.Ok, ShmReader.Measure(handle, out Usage usage));
            DriveInfo drive = new("/dev/shm");
            Assert.Equal(drive.TotalSize, usage.SizeBytes);
            Assert.InRange(usage.UsedBytes!.Value, 0, drive.TotalSize);
            Assert.True(handle.IsMountRoot);
        }
    }

    [Fact]
    public void What_is_written_is_used_to_the_page()
    {
        long before = Used();
        _folder.Write("page", 4097);
        long after = Used();
        // Others use the same mount.
        Assert.InRange(after - before, 8192 - 4_194_304, 8192 + 4_194_304);
    }

    [Theory]
    [InlineData("/dev/shm")]
    [InlineData("/")]
    [InlineData("/tmp")]
    public void An_absolute_link_leads_no_farther_than_the_process_own_root(string target)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "dev"));
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "dev/shm"), target);
        UseRoot();
        ReadOutcome outcome = _folder.Open("/dev/shm", out MountHandle handle);
        if (outcome == ReadOutcome.Ok)
        {
            // "/" is the process's own root, a folder of this machine's disk or /tmp.
            Assert.Equal("/", target);
            handle.Dispose();
        }
        else
        {
            // A link to itself, and a folder that the root does not have.
            Assert.Equal(target == "/dev/shm" ? ReadOutcome.Failed : ReadOutcome.Gone, outcome);
        }
    }

    [Fact]
    public void Dots_lead_no_farther_than_the_root_and_links_inside_it_are_followed()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "dev"));
        Directory.CreateDirectory(Path.Combine(_root.FullName, "run/shm"));
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "dev/shm"), "../../../../../run/shm");
        UseRoot();
        Assert.Equal(ReadOutcome.Ok, _folder.Open("/dev/shm", out MountHandle handle));
        using (handle)
        {
            Listing listing = new();
            File.WriteAllText(Path.Combine(_root.FullName, "run/shm/inside"), "x");
            Assert.Equal(ReadOutcome.Ok, listing.Read(handle, new SegmentFamilies([]), 10, TimeSpan.FromMinutes(1)));
            Assert.Equal("inside", Assert.Single(listing.Segments).Name);
        }
    }

    [Fact]
    public void A_filesystem_that_is_no_tmpfs_is_malformed()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open("/proc", out MountHandle handle));
        using (handle)
        {
            Assert.Equal(ReadOutcome.Malformed, ShmReader.Measure(handle, out _));
        }
    }

    [Fact]
    public void A_path_that_is_not_there_is_gone_and_a_file_is_no_mount()
    {
        Assert.Equal(ReadOutcome.Gone, _folder.Open("/dev/shm/there is no such folder", out _));
        _folder.Write("file", 1);
        Assert.Equal(ReadOutcome.Gone, _folder.Open($"{_folder.Path}/file", out _));
    }

    private void UseRoot()
    {
        File.Delete($"{_folder.Tree.Path}/{ShmFolder.Pid}/root");
        _folder.Tree.WithLink(ShmFolder.Pid, "root", _root.FullName);
    }

    private long Used()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open("/dev/shm", out MountHandle handle));
        using (handle)
        {
            Assert.Equal(ReadOutcome.Ok, ShmReader.Measure(handle, out Usage usage));
            return usage.UsedBytes ?? 0;
        }
    }
}
