using System;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class WallClockTests
{
    [Fact]
    public void A_step_is_noticed_once_and_the_passing_of_time_is_none()
    {
        SteppedClock clock = new();
        WallClock wall = new(clock);
        clock.Advance(TimeSpan.FromHours(9));
        Assert.False(wall.WasSet());
        clock.Ahead = TimeSpan.FromSeconds(-90);
        Assert.True(wall.WasSet());
        Assert.False(wall.WasSet());
        clock.Ahead += TimeSpan.FromMilliseconds(900);
        Assert.False(wall.WasSet());
        clock.Ahead += TimeSpan.FromMilliseconds(200);
        Assert.True(wall.WasSet());
    }

    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _passed;

        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _passed += time;

        public override long GetTimestamp() => 1_000_000 + _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56) + _passed + Ahead;
    }
}
