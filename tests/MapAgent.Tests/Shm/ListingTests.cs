using System;
using System.IO;
using System.Linq;
using MapAgent.Procfs;
using MapAgent.Shm;
using Xunit;

namespace MapAgent.Tests.Shm;

[Collection("dev shm")]
public sealed class ListingTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);
    private readonly ShmFolder _folder = new();
    private readonly Listing _listing = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Segments_have_their_allocated_bytes_and_their_apparent_size()
    {
        _folder.Write("full", 10_000);
        using (FileStream sparse = File.Create(Path.Combine(_folder.Path, "sparse")))
        {
            sparse.SetLength(1 << 20);
            sparse.Position = 500_000;
            sparse.WriteByte(1);
        }

        Read();
        Assert.Equal(["full", "sparse"], _listing.Segments.Select(static segment => segment.Name).Order());
        Listed full = _listing.Segments.Single(static segment => segment.Name == "full");
        Listed holes = _listing.Segments.Single(static segment => segment.Name == "sparse");
        Assert.Equal((12_288L, 10_000L), (full.Bytes, full.SizeBytes));
        Assert.Equal((4_096L, 1L << 20), (holes.Bytes, holes.SizeBytes));
        Assert.Equal(16_384, _listing.Bytes);
        Assert.InRange(full.ChangedAt, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.True(_listing.IsWhole);
        Assert.False(_listing.IsCut);
    }

    [Fact]
    public void Folders_are_gone_into_links_are_not_followed_and_two_names_of_one_file_count_once()
    {
        _folder.Write("a/b/deep", 4096);
        string twice = _folder.Write("first", 8192);
        Assert.Equal(0, Link(twice, Path.Combine(_folder.Path, "second")));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), "/etc");
        Read();
        Assert.Equal(3, _listing.Segments.Count);
        Assert.Contains(_listing.Segments, static segment => segment.Name == "a/b/deep");
        Assert.Contains(_listing.Segments, static segment => segment.Name == "link" && segment.Bytes == 0);
        Assert.Equal(4096 + 8192, _listing.Bytes);
        Assert.True(_listing.IsWhole);
    }

    [Fact]
    public void A_bound_that_bites_makes_the_listing_no_whole_one()
    {
        for (int i = 0; i < 10; i++)
        {
            _folder.Write($"{i}", 1);
        }

        Read(entries: 4);
        Assert.Equal((4, false, true), (_listing.Segments.Count, _listing.IsWhole, _listing.IsCut));
        Read(entries: 10);
        Assert.Equal((10, true, false), (_listing.Segments.Count, _listing.IsWhole, _listing.IsCut));
        Read(time: TimeSpan.Zero);
        Assert.True(_listing.IsCut);
    }

    [Fact]
    public void Folders_below_folders_end_somewhere()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, string.Join('/', Enumerable.Repeat("d", 40))));
        Read();
        Assert.False(_listing.IsWhole);
        Assert.True(_listing.IsCut);
    }

    [Fact]
    public void Any_bytes_may_be_a_name()
    {
        _folder.Write("new\nline \"quoted\" \\", 1);
        File.WriteAllText(Path.Combine(_folder.Path, "\u00e4"), "x");
        Read();
        Assert.Equal(["new\nline \"quoted\" \\", "\u00e4"], _listing.Segments.Select(static segment => segment.Name).Order(StringComparer.Ordinal));
    }

    private void Read(int entries = 1000, TimeSpan? time = null)
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open(_folder.Path, out MountHandle handle));
        using (handle)
        {
            Assert.Equal(ReadOutcome.Ok, _listing.Read(handle, new SegmentFamilies([]), entries, time ?? s_long));
        }
    }

    private static int Link(string target, string name)
    {
        using System.Diagnostics.Process link = System.Diagnostics.Process.Start("ln", [target, name]);
        link.WaitForExit();
        return link.ExitCode;
    }
}
