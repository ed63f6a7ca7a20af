using System;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>
/// Looks at one process because somebody asked over HTTP: one at a time, from what the passes leave of the budget, and never at a
/// target that would take longer than <c>max_read</c>.
/// </summary>
internal sealed class Inspector(ProcRoot root, TimeProvider clock, OnDemandBudget budget, Func<SamplingOptions> options) : IDisposable
{
    private static readonly TimeSpan s_faultSpan = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Looks at a process, and for a second at its faults.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="cancel">The asker has gone.</param>
    /// <returns>Null when others are being looked at, or the budget is spent until the next pass.</returns>
    public async Task<InspectionAnswer?> LookAsync(int pid, CancellationToken cancel)
    {
        if (budget.Remaining <= 0 || !await _turn.WaitAsync(s_patience, cancel))
        {
            return null;
        }

        try
        {
            using ProcReader reader = new(root);
            using InspectionReading reading = new(reader, SystemFacts.Read(reader), clock) { MayTake = MayTake };
            long from = ThreadClock.Nanoseconds();
            ReadOutcome outcome = reading.Read(pid, out Inspection? inspection);
            budget.Spend(ThreadClock.Nanoseconds() - from);
            if (outcome == ReadOutcome.Ok)
            {
                await Task.Delay(s_faultSpan, clock, cancel);
                inspection = reading.WithFaults(inspection!);
            }

            return new InspectionAnswer(outcome, inspection, reader.LastFailure);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // The rollup by its size; the deep read, which is the same walk and the text, by the CPU time that the rollup took: what
    // others took of the processor meanwhile says nothing about the next read.
    private bool MayTake(long residentBytes, TimeSpan? rollup)
    {
        TimeSpan expected = rollup is { } cpu ? cpu * DeepReading.DearerThanRollup
            : TimeSpan.FromMicroseconds(default(RollupTurn).Predict(residentBytes) / 1000.0);
        return expected <= options().MaxRead && Turns.Nanoseconds(expected) <= budget.Remaining;
    }
}
