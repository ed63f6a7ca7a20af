using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class OnDemandBudgetTests
{
    [Fact]
    public void Before_the_first_pass_and_while_a_pass_runs_nothing_is_granted()
    {
        OnDemandBudget budget = new();
        Assert.Equal(0, budget.Remaining);
        budget.Open(100);
        budget.Close();
        Assert.Equal(0, budget.Remaining);
    }

    [Fact]
    public void What_is_spent_between_passes_is_the_next_pass_s_expense_once()
    {
        OnDemandBudget budget = new();
        budget.Open(100);
        budget.Spend(30);
        budget.Spend(80);
        Assert.Equal(-10, budget.Remaining);
        Assert.Equal(110, budget.Close());
        Assert.Equal(0, budget.Close());
        budget.Open(50);
        Assert.Equal(50, budget.Remaining);
    }

    [Fact]
    public void A_pass_has_less_left_for_who_asks_after_it_by_what_was_asked_before()
    {
        using PassFixture fixture = new();
        fixture.Tree.WithProcess(10);
        fixture.Run();
        fixture.Run();
        long granted = fixture.OnDemand.Remaining;
        Assert.True(granted > 0);
        fixture.OnDemand.Spend(granted + 1_000_000_000);
        Assert.True(fixture.OnDemand.Remaining < 0);
        fixture.Run();
        Assert.True(fixture.OnDemand.Remaining <= 0, "a minute's income is spent");
    }
}
