using System.Threading;

namespace MapAgent.Sampling;

/// <summary>
/// What those who ask over HTTP may take of the budget: what the last pass has left of it, and nothing while a pass runs. What they
/// took, the next pass does not have. So both together stay within the budget. Safe for all threads.
/// </summary>
internal sealed class OnDemandBudget
{
    private long _granted;
    private long _spent;

    /// <summary>CPU nanoseconds that are left until the next pass.</summary>
    public long Remaining => Volatile.Read(ref _granted) - Volatile.Read(ref _spent);

    /// <summary>Notes what a read has cost.</summary>
    public void Spend(long cpuNanoseconds) => Interlocked.Add(ref _spent, cpuNanoseconds);

    /// <summary>Begins a pass: until it ends nothing more is granted.</summary>
    /// <returns>What was spent since the last one began.</returns>
    public long Close()
    {
        Volatile.Write(ref _granted, 0);
        return Interlocked.Exchange(ref _spent, 0);
    }

    /// <summary>Ends a pass.</summary>
    /// <param name="remaining">What it has left.</param>
    public void Open(long remaining) => Volatile.Write(ref _granted, remaining);
}
