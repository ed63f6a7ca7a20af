using System;
using System.Collections.Concurrent;
using System.Threading;
using MapAgent.Hosting;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class TickingClockTests : IDisposable
{
    private readonly TickingClock _clock = new();
    private readonly BlockingCollection<long> _ticks = [];

    public void Dispose() => _ticks.Dispose();

    [Fact]
    public void A_timer_ticks_no_sooner_than_each_period()
    {
        long start = _clock.GetTimestamp();
        using ITimer timer = Start(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        for (int tick = 1; tick <= 5; tick++)
        {
            Assert.True(_ticks.TryTake(out long at, 10_000, TestContext.Current.CancellationToken));

            // The clock of the wait has a grain of up to 4 ms.
            Assert.True(_clock.GetElapsedTime(start, at) >= TimeSpan.FromMilliseconds((20 * tick) - 5));
        }
    }

    [Fact]
    public void A_timer_without_period_ticks_once()
    {
        using ITimer timer = Start(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.True(_ticks.TryTake(out _, 10_000, TestContext.Current.CancellationToken));
        Assert.False(_ticks.TryTake(out _, 50, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_sleeping_timer_takes_up_a_new_period_at_once()
    {
        using ITimer timer = Start(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Assert.False(_ticks.TryTake(out _, 50, TestContext.Current.CancellationToken));
        Assert.True(timer.Change(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)));
        Assert.True(_ticks.TryTake(out _, 10_000, TestContext.Current.CancellationToken));
        Assert.True(_ticks.TryTake(out _, 10_000, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_disposed_timer_ticks_no_more()
    {
        ITimer timer = Start(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        Assert.True(_ticks.TryTake(out _, 10_000, TestContext.Current.CancellationToken));
        timer.Dispose();
        while (_ticks.TryTake(out _, 50, TestContext.Current.CancellationToken))
        {
        }

        Assert.False(_ticks.TryTake(out _, 50, TestContext.Current.CancellationToken));
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
    }

    private ITimer Start(TimeSpan due, TimeSpan period) => _clock.CreateTimer(_ => _ticks.Add(_clock.GetTimestamp()), null, due, period);
}
