using System;
using System.Collections.Generic;
using MapAgent.Procfs;
using MapAgent.Shm;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Shm;

/// <summary>When a round over all processes is made, and how it is spread.</summary>
[Collection("dev shm")]
public sealed class UseRoundsTests : IDisposable
{
    private readonly ShmFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ShmOptions _options = new() { UnreferencedAfter = TimeSpan.FromMinutes(4) };
    private readonly UseRounds _rounds;
    private readonly ShmMount _mount = new(new ShmIdentity(new Device(0, 57), 7), "/dev/shm"u8.ToArray(), true, Lookup.Local);
    private readonly List<ShmMember> _members = [Member()];

    public UseRoundsTests() => _rounds = new UseRounds(new ReferenceRound(_folder.Reader), _clock);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_reason_there_is_a_round_in_ten_minutes() => Assert.Equal(6, RoundsInAnHour());

    [Fact]
    public void While_a_segment_is_old_there_is_one_in_half_of_what_is_called_old()
    {
        _folder.Write("old", 4096);
        List();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(30, RoundsInAnHour());
    }

    [Fact]
    public void What_is_idle_by_design_is_no_reason()
    {
        _folder.Write("sem.mine", 4096);
        List();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(6, RoundsInAnHour());
    }

    [Fact]
    public void Memory_that_came_or_went_is_looked_for_after_a_minute() => Assert.Equal(60, RoundsInAnHour(moved: true));

    [Fact]
    public void A_round_goes_on_in_the_next_pass_when_its_time_is_over_and_takes_in_newcomers()
    {
        _members.AddRange([Member(), Member(), Member()]);
        for (int pass = 1; pass <= 3; pass++)
        {
            // Room for one process: the clock is asked before each.
            _rounds.Go(_members, [_mount], _options, moved: false, cpu: 1);
            Assert.Equal(pass, _members.FindAll(static member => member.Round > 0).Count);
        }

        Assert.Equal(0, _rounds.Finished);
        _members.Add(Member());
        _rounds.Go(_members, [_mount], _options, moved: false, cpu: long.MaxValue);
        Assert.Equal(1, _rounds.Finished);
        Assert.All(_members, static member => Assert.Equal(1, member.Round));
        Assert.True(_rounds.CpuNanoseconds > 0);
    }

    [Fact]
    public void Without_budget_there_is_none()
    {
        _rounds.Go(_members, [_mount], _options, moved: true, cpu: 0);
        Assert.Equal((0, 0L), (_rounds.Finished, _members[0].Round));
    }

    [Fact]
    public void What_a_round_found_of_objects_is_not_kept_for_ever()
    {
        _rounds.Go(_members, [_mount], _options, moved: false, cpu: long.MaxValue);
        Assert.Equal(0, _rounds.ObjectBytes);
        _clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Null(_rounds.ObjectBytes);
    }

    private static ShmMember Member() => new(new ProcessId(ShmFolder.Pid, 1)) { MountNamespace = 100 };

    private long RoundsInAnHour(bool moved = false)
    {
        for (int pass = 0; pass < 240; pass++)
        {
            _rounds.Go(_members, [_mount], _options, moved, long.MaxValue);
            _clock.Advance(TimeSpan.FromSeconds(15));
        }

        return _rounds.Finished;
    }

    private void List()
    {
        Assert.Equal(ReadOutcome.Ok, _folder.Open(_folder.Path, out MountHandle handle));
        using (handle)
        {
            _mount.Listing = new Listing();
            _mount.Listing.Read(handle, new SegmentFamilies([]), 1000, TimeSpan.FromMinutes(1));
        }
    }
}
