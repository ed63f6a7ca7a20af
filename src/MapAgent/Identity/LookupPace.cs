using System;

namespace MapAgent.Identity;

/// <summary>
/// When a source may be asked again: after a success once in the interval, or a second later when something new is asked for; after a
/// failure twice as late each time, up to five minutes.
/// </summary>
internal sealed class LookupPace(TimeSpan interval)
{
    private const int MostDoublings = 9;
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);
    private int _failures;

    /// <summary>How long to wait from the end of the last lookup when something new is asked for.</summary>
    public TimeSpan WhenAsked { get; private set; }

    /// <summary>How long to wait when nothing is asked.</summary>
    public TimeSpan Otherwise { get; private set; }

    /// <summary>Notes how a lookup ended.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="chance">0 to 1: so that the agents of a cluster do not come back together.</param>
    public void Done(LookupOutcome outcome, double chance)
    {
        if (outcome == LookupOutcome.Ok)
        {
            _failures = 0;
            WhenAsked = s_least;
            Otherwise = interval;
            return;
        }

        TimeSpan wait = s_least * Math.Pow(2, Math.Min(MostDoublings, _failures++));
        wait = (wait < s_most ? wait : s_most) * (0.75 + (0.25 * chance));
        WhenAsked = wait;
        Otherwise = wait;
    }
}
