using System;

namespace MapAgent.Web;

/// <summary>An allowance that fills evenly up to a bound and may be overdrawn once. Not for two threads at once.</summary>
/// <param name="clock">The time.</param>
/// <param name="perSecond">How much it gains in a second.</param>
/// <param name="most">How much it holds at most, and at first.</param>
internal sealed class TokenBucket(TimeProvider clock, double perSecond, double most)
{
    private readonly double _most = most;
    private double _held = most;
    private long _at = clock.GetTimestamp();

    /// <summary>What it holds now; below zero after it was overdrawn.</summary>
    public double Held
    {
        get
        {
            long now = clock.GetTimestamp();
            _held = Math.Min(_most, _held + (clock.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            return _held;
        }
    }

    /// <summary>Takes what there must be.</summary>
    public bool TryTake(double amount)
    {
        // Sums of small steps miss whole numbers by a hair.
        if (Held + 1e-9 < amount)
        {
            return false;
        }

        _held -= amount;
        return true;
    }

    /// <summary>Takes what was spent already, be it there or not.</summary>
    public void Spend(double amount) => _held -= amount;

    /// <summary>How long until it holds an amount.</summary>
    public TimeSpan Until(double amount) => TimeSpan.FromSeconds(perSecond > 0 ? Math.Clamp((amount - Held) / perSecond, 0, 86_400) : 86_400);
}
