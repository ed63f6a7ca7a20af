using System;

namespace MapAgent.Sampling;

/// <summary>Notices when the wall clock is set: it moves against the clock that never jumps.</summary>
internal sealed class WallClock(TimeProvider clock)
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);
    private readonly long _origin = clock.GetTimestamp();
    private DateTimeOffset _zero = clock.GetUtcNow();

    /// <summary>Whether it was set by a second or more since the last time that this was so, or since the start.</summary>
    public bool WasSet()
    {
        DateTimeOffset zero = clock.GetUtcNow() - clock.GetElapsedTime(_origin);
        if ((zero - _zero).Duration() < s_step)
        {
            return false;
        }

        _zero = zero;
        return true;
    }
}
