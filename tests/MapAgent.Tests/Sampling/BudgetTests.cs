using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class BudgetTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void No_minute_after_the_first_pass_costs_more_than_the_share_and_one_read() =>
        Gen.Select(Gen.Int[1, 60].Array[20, 120], Gen.Int[10, 400], Gen.Int[1, 30]).Sample((gaps, readMilliseconds, percent) =>
        {
            double share = percent / 100.0;
            long read = readMilliseconds * 1_000_000L;
            Budget budget = new();
            List<(long At, long Spent)> spent = [];
            long now = 0;
            foreach (int gap in gaps)
            {
                now += gap * Second;
                budget.Begin(now, share, 15 * Second);
                bool starting = budget.IsStarting;
                long inPass = 0;
                while (budget.Remaining > 0)
                {
                    budget.Spend(read);
                    inPass += read;
                }

                spent.Add((now, starting ? 0 : inPass));
            }

            foreach ((long from, _) in spent)
            {
                long inMinute = spent.Where(s => s.At >= from && s.At < from + (60 * Second)).Sum(static s => s.Spent);
                Assert.True(inMinute <= (share * 60 * Second) + read, $"{inMinute} ns in a minute at {percent} %");
            }
        }, iter: 100);

    [Fact]
    public void What_is_granted_can_be_spent()
    {
        Budget budget = new();
        long spent = 0;
        for (int pass = 0; pass < 41; pass++)
        {
            budget.Begin(pass * 15 * Second, 0.01, 15 * Second);
            bool starting = budget.IsStarting;
            while (budget.Remaining > 0)
            {
                budget.Spend(1_000_000);
                spent += starting ? 0 : 1_000_000;
            }
        }

        // Ten minutes at 1 % are 6 seconds.
        Assert.InRange(spent, 5_700_000_000, 6_001_000_000);
    }

    [Fact]
    public void The_first_pass_may_spend_a_minute_and_an_idle_hour_saves_no_more_than_half_of_one()
    {
        Budget budget = new();
        budget.Begin(0, 0.01, 15 * Second);
        Assert.Equal(600_000_000, budget.Remaining);
        budget.Begin(3600 * Second, 0.01, 15 * Second);
        Assert.Equal(300_000_000, budget.Remaining);
    }

    [Fact]
    public void A_clock_that_stands_still_grants_nothing()
    {
        Budget budget = new();
        budget.Begin(Second, 0.5, Second);
        budget.Spend(10);
        budget.Begin(Second, 0.5, Second);
        Assert.Equal(0, budget.Remaining);
    }
}
