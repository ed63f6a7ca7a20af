using System;
using System.Threading;

namespace MapAgent.Web;

/// <summary>
/// The CPU time that clients may have spent on measuring on their demand: one measurement at a time, each charged with what it has
/// cost, against a share of one CPU. A measurement may overdraw the allowance; the next one then waits until it is made good.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="share">Share of one CPU.</param>
/// <param name="burst">CPU time that may be saved up.</param>
internal sealed class DetailBudget(TimeProvider clock, double share, TimeSpan burst)
{
    private readonly Lock _lock = new();
    private readonly TokenBucket _allowance = new(clock, share, burst.TotalSeconds);
    private bool _busy;

    /// <summary>How many were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Asks for leave to measure. Whoever gets it must call <see cref="End"/>, whatever happens.</summary>
    /// <param name="wait">When to ask again, for Retry-After; whole seconds, at least one.</param>
    public bool TryBegin(out TimeSpan wait)
    {
        lock (_lock)
        {
            bool granted = !_busy && share > 0 && _allowance.Held > 0;
            wait = granted ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(_allowance.Until(0).TotalSeconds)));
            _busy |= granted;
            Refused += granted ? 0 : 1;
            return granted;
        }
    }

    /// <summary>Gives the leave back.</summary>
    /// <param name="cpu">CPU time that the measurement took, also when it failed.</param>
    public void End(TimeSpan cpu)
    {
        lock (_lock)
        {
            _busy = false;
            _allowance.Spend(Math.Max(0, cpu.TotalSeconds));
        }
    }
}
