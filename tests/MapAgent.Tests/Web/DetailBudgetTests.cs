using System;
using MapAgent.Web;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class DetailBudgetTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void One_measurement_runs_at_a_time()
    {
        DetailBudget budget = new(_clock, 0.01, TimeSpan.FromSeconds(0.5));

        Assert.True(budget.TryBegin(out _));
        Assert.False(budget.TryBegin(out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        budget.End(TimeSpan.FromMilliseconds(1));
        Assert.True(budget.TryBegin(out _));
        Assert.Equal(1, budget.Refused);
    }

    [Fact]
    public void What_was_overdrawn_must_be_made_good_first()
    {
        DetailBudget budget = new(_clock, 0.01, TimeSpan.FromSeconds(0.5));
        Assert.True(budget.TryBegin(out _));
        budget.End(TimeSpan.FromSeconds(1.5));

        Assert.False(budget.TryBegin(out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(100), wait);
        _clock.Advance(TimeSpan.FromSeconds(99));
        Assert.False(budget.TryBegin(out _));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(budget.TryBegin(out _));
    }

    [Fact]
    public void However_often_it_is_asked_the_share_is_kept()
    {
        DetailBudget budget = new(_clock, 0.01, TimeSpan.FromSeconds(0.5));
        double spent = 0;
        for (int i = 0; i < 100_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            if (budget.TryBegin(out _))
            {
                spent += 0.025;
                budget.End(TimeSpan.FromSeconds(0.025));
            }
        }

        Assert.InRange(spent, 10, 10 + 0.5 + 0.025);
    }

    [Fact]
    public void Without_a_share_nothing_is_measured()
    {
        DetailBudget budget = new(_clock, 0, TimeSpan.FromSeconds(0.5));

        Assert.False(budget.TryBegin(out TimeSpan wait));
        Assert.True(wait >= TimeSpan.FromSeconds(1));
    }
}
