using CsCheck;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class FaultCauseTests
{
    private static readonly FaultEvidence s_storm = new()
    {
        Seconds = 15,
        MajorFaults = 3000,
        MajorFaultsOfYoung = 0,
        Refaults = 0,
        SwapIns = 0,
        SwapBytes = 0,
        HasRandomHint = false,
    };

    [Fact]
    public void Below_a_hundred_faults_in_a_second_no_cause_is_named()
    {
        Assert.Null(FaultCauses.Of(s_storm with { MajorFaults = 1499, Refaults = 100_000 }));
        Assert.NotNull(FaultCauses.Of(s_storm with { MajorFaults = 1500 }));
        Assert.Null(FaultCauses.Of(s_storm with { Seconds = 0 }));
        Assert.Null(FaultCauses.Of(s_storm with { Seconds = -1 }));
    }

    [Fact]
    public void Pages_read_back_soon_after_their_eviction_are_refaults()
    {
        Assert.Equal(FaultCause.Refault, FaultCauses.Of(s_storm with { Refaults = 1500, HasRandomHint = true, MajorFaultsOfYoung = 3000 }));
        Assert.Equal(FaultCause.Unknown, FaultCauses.Of(s_storm with { Refaults = 1499 }));
    }

    [Fact]
    public void Pages_from_swap_count_only_for_a_group_that_had_some_there()
    {
        FaultEvidence swapping = s_storm with { SwapIns = 4000, Refaults = 4000, SwapBytes = 1 << 20 };
        Assert.Equal(FaultCause.SwapIn, FaultCauses.Of(swapping));
        Assert.Equal(FaultCause.SwapIn, FaultCauses.Of(swapping with { SwapBytes = null }));
        Assert.Equal(FaultCause.Refault, FaultCauses.Of(swapping with { SwapBytes = 0 }));
    }

    [Fact]
    public void A_hint_against_reading_ahead_explains_the_faults_of_a_young_process_too()
    {
        FaultEvidence young = s_storm with { MajorFaultsOfYoung = 2000 };
        Assert.Equal(FaultCause.ColdStart, FaultCauses.Of(young));
        Assert.Equal(FaultCause.ColdStart, FaultCauses.Of(young with { HasRandomHint = null }));
        Assert.Equal(FaultCause.RandomAccess, FaultCauses.Of(young with { HasRandomHint = true }));
    }

    [Fact]
    public void What_the_kernel_does_not_say_is_no_evidence() =>
        Assert.Equal(FaultCause.Unknown, FaultCauses.Of(s_storm with { Refaults = null, SwapIns = null, SwapBytes = null, HasRandomHint = null }));

    [Fact]
    public void Whatever_the_evidence_one_cause_is_named_at_a_high_rate_and_none_at_a_low_one() =>
        Gen.Select(Gen.Double[0.1, 100], Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Bool).Sample(
            (seconds, faults, refaults, swapIns, hint) =>
            {
                FaultCause? cause = FaultCauses.Of(s_storm with
                {
                    Seconds = seconds,
                    MajorFaults = faults,
                    Refaults = refaults,
                    SwapIns = swapIns,
                    SwapBytes = null,
                    HasRandomHint = hint,
                });
                Assert.Equal(faults >= FaultCauses.HighRate * seconds, cause is not null);
            });

    [Fact]
    public void A_process_that_is_looked_at_has_its_cause_from_the_same_moments()
    {
        Inspection process = new() { Id = new ProcessId(1, 1), Comm = "x", PageSize = 4096 };
        Assert.Null(FaultCauses.Of(process));
        process = process with { Faults = new FaultSpan(2, 400, 0), FaultsSinceStart = new FaultSpan(1000, 400, 0) };
        Assert.Equal(FaultCause.Unknown, FaultCauses.Of(process));
        Assert.Equal(FaultCause.ColdStart, FaultCauses.Of(process with { FaultsSinceStart = new FaultSpan(10, 400, 0) }));
        Assert.Equal(FaultCause.Refault, FaultCauses.Of(process with { NodeRefaults = 300 }));
        Assert.Equal(FaultCause.SwapIn, FaultCauses.Of(process with { NodeRefaults = 300, NodeSwapIns = 300 }));
        Assert.Null(FaultCauses.Of(process with { Faults = new FaultSpan(2, 199, 0), NodeRefaults = 300 }));
    }

    [Fact]
    public void Every_cause_has_a_label() => Assert.Equal(System.Enum.GetValues<FaultCause>().Length, FaultCauses.Labels.Length);
}
