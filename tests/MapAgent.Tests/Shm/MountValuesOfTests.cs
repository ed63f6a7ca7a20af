using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MapAgent.Procfs;
using MapAgent.Shm;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Shm;

/// <summary>When a segment is called unreferenced, and what becomes unknown with whom.</summary>
[Collection("dev shm")]
public sealed class MountValuesOfTests : IDisposable
{
    private static readonly TimeSpan s_after = TimeSpan.FromMinutes(10);
    private readonly ShmFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
    private readonly ShmOptions _options = new() { UnreferencedAfter = s_after };
    private readonly ShmMount _mount = new(new ShmIdentity(new Device(0, 57), 7), "/dev/shm"u8.ToArray(), true, Lookup.Local) { Label = "/dev/shm" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_old_segment_without_user_is_unreferenced_once_two_rounds_so_far_apart_have_found_none()
    {
        _folder.Write("left", 4096);
        List();
        Round([]);
        Assert.Equal((0, SegmentUse.Idle), Seen());
        _clock.Advance(s_after - TimeSpan.FromSeconds(1));
        Round([]);
        Assert.Equal((0, SegmentUse.Idle), Seen());
        _clock.Advance(TimeSpan.FromSeconds(1));
        // Nobody has looked since, and somebody may have mapped it.
        Assert.Equal((0, SegmentUse.Idle), Seen());
        Round([]);
        Assert.Equal((1, SegmentUse.Unreferenced), Seen());
        Assert.Equal(4096, Values().UnreferencedBytes);
    }

    [Fact]
    public void What_was_found_long_ago_is_no_longer_said()
    {
        _folder.Write("left", 4096);
        List();
        Round([]);
        _clock.Advance(s_after);
        Round([]);
        Assert.Equal((1, SegmentUse.Unreferenced), Seen());
        _clock.Advance(UseRounds.Lifetime);
        List();
        ShmMountValues values = Values();
        Assert.Null(values.UnreferencedSegments);
        Assert.Equal(SegmentUse.Unknown, values.Largest.Single().Use);
        Assert.Equal(1, values.Segments);
    }

    [Fact]
    public void A_user_that_was_found_is_told_though_others_could_not_be_looked_into()
    {
        _folder.Write("left", 4096);
        List();
        _mount.Uses.Take(_mount.Listing!.Segments, Users(42), isKnown: false, _clock.GetTimestamp());
        ShmMountValues values = Values();
        Assert.Null(values.UnreferencedBytes);
        Assert.Equal(SegmentUse.Used, values.Largest.Single().Use);
        Assert.Equal([42], values.Largest.Single().Users);
        _clock.Advance(UseRounds.Lifetime);
        Assert.Equal(SegmentUse.Unknown, Values().Largest.Single().Use);
        Assert.Empty(Values().Largest.Single().Users);
    }

    [Fact]
    public void A_user_in_between_starts_the_wait_anew()
    {
        _folder.Write("left", 4096);
        List();
        Round([]);
        _clock.Advance(s_after);
        Round(Users(42));
        Assert.Equal((0, SegmentUse.Used), Seen());
        Assert.Equal([42], Values().Largest.Single().Users);
        Round([]);
        Assert.Equal((0, SegmentUse.Idle), Seen());
        _clock.Advance(s_after);
        Round([]);
        Assert.Equal((1, SegmentUse.Unreferenced), Seen());
    }

    [Fact]
    public void A_segment_that_was_changed_lately_is_not_unreferenced()
    {
        _folder.Write("young", 4096);
        List();
        FakeTimeProvider now = new(DateTimeOffset.UtcNow);
        ShmOptions once = new() { UnreferencedAfter = s_after, LooksOnce = true };
        _mount.Uses.Take(_mount.Listing!.Segments, [], true, now.GetTimestamp());
        now.Advance(s_after - TimeSpan.FromSeconds(5));
        Assert.Equal(0, MountValuesOf.Mount(_mount, default, once, now).UnreferencedSegments);
        now.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, MountValuesOf.Mount(_mount, default, once, now).UnreferencedSegments);
    }

    [Theory]
    [InlineData("sem.lock")]
    [InlineData("libpod_lock")]
    public void What_is_idle_by_design_is_never_unreferenced(string name)
    {
        _folder.Write(name, 4096);
        List();
        Round([]);
        _clock.Advance(s_after * 2);
        Round([]);
        Assert.Equal((0, SegmentUse.Idle), Seen());
    }

    [Fact]
    public void A_process_that_cannot_be_looked_into_makes_it_unknown_and_not_zero()
    {
        _folder.Write("left", 4096);
        List();
        Round([]);
        _clock.Advance(s_after);
        _mount.Uses.Take(_mount.Listing!.Segments, [], isKnown: false, _clock.GetTimestamp());
        ShmMountValues values = Values();
        Assert.Null(values.UnreferencedBytes);
        Assert.Null(values.UnreferencedSegments);
        Assert.Equal(SegmentUse.Unknown, values.Largest.Single().Use);
        Assert.Equal(1, values.Segments);
    }

    [Fact]
    public void Who_asks_once_is_told_what_has_no_user_now()
    {
        _folder.Write("left", 4096);
        List();
        Round([]);
        Assert.Equal(1, MountValuesOf.Mount(_mount, default, new ShmOptions { UnreferencedAfter = s_after, LooksOnce = true }, _clock).UnreferencedSegments);
    }

    [Fact]
    public void A_listing_that_was_cut_gives_no_sums()
    {
        _folder.Write("a", 4096);
        _folder.Write("b", 4096);
        List(entries: 1);
        Round([]);
        ShmMountValues values = Values();
        Assert.Null(values.Segments);
        Assert.Null(values.UnreferencedBytes);
        Assert.Empty(values.Families);
        Assert.Single(values.Largest);
    }

    [Fact]
    public void The_largest_come_first_and_families_are_summed()
    {
        foreach (string name in new[] { "torch_1", "torch_2", "mine" })
        {
            _folder.Write(name, name == "torch_2" ? 12_288 : 4096);
        }

        List();
        ShmMountValues values = MountValuesOf.Mount(_mount, default, new ShmOptions { Segments = 2 }, _clock);
        Assert.Equal(["torch_2", "mine"], values.Largest.Select(static segment => segment.Name));
        Assert.Equal([new FamilyBytes("other", 4096, 1), new FamilyBytes("torch_*", 16_384, 2)], values.Families);
    }

    [Fact]
    public void The_peak_is_the_highest_look_since_the_pass_before_whoever_looked()
    {
        Usage usage = new(7, 1000, 10, 5, 1);
        Assert.Equal(10, MountValuesOf.Mount(_mount, usage, _options, _clock).PeakBytes);
        Thread[] threads = [.. Enumerable.Range(1, 4).Select(id => new Thread(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _mount.Observe(i % 100 * id);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Equal(99 * 4, MountValuesOf.Mount(_mount, usage, _options, _clock).PeakBytes);
        Assert.Equal(10, MountValuesOf.Mount(_mount, usage, _options, _clock).PeakBytes);
        Assert.Null(MountValuesOf.Mount(_mount, usage with { UsedBytes = null }, _options, _clock).PeakBytes);
    }

    private void List(int entries = 1000)
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open(_folder.Path, out MountHandle handle));
        using (handle)
        {
            _mount.Listing = new Listing();
            _mount.Listing.Read(handle, new SegmentFamilies([]), entries, TimeSpan.FromMinutes(1));
            _mount.ListedAt = _clock.GetTimestamp();
        }
    }

    private Dictionary<ulong, List<int>> Users(int pid) => new() { [_mount.Listing!.Segments.Single().Inode] = [pid] };

    private void Round(Dictionary<ulong, List<int>> users) =>
        _mount.Uses.Take(_mount.Listing!.Segments, users, _mount.Listing.IsWhole, _clock.GetTimestamp());

    private ShmMountValues Values()
    {
        _mount.ListedAt = _clock.GetTimestamp();
        return MountValuesOf.Mount(_mount, default, _options, _clock);
    }

    private (long, SegmentUse) Seen()
    {
        ShmMountValues values = Values();
        return (values.UnreferencedSegments!.Value, values.Largest.Single().Use);
    }
}
