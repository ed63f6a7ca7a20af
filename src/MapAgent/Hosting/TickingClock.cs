using System;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.Hosting;

/// <summary>
/// The system's clock, with timers that each sleep on a thread of their own. The ones of the runtime go through the thread
/// pool, and its threads that wake, look for more and measure their load cost more at each tick than a pass over 20 processes.
/// </summary>
/// <remarks>Callbacks must be short, and must not throw: they run on the timer's thread.</remarks>
internal sealed class TickingClock : TimeProvider
{
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ThreadTimer(callback, state, dueTime, period);

    private sealed class ThreadTimer : ITimer
    {
        // Enough for a callback that sets a flag or writes a datagram.
        private const int StackBytes = 256 << 10;

        private readonly object _gate = new();
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private long _due;
        private long _period;
        private bool _disposed;

        public ThreadTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            _state = state;
            Set(dueTime, period);
            new Thread(Run, StackBytes) { IsBackground = true, Name = "clock" }.Start();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                Set(dueTime, period);
                Monitor.Pulse(_gate);
                return !_disposed;
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                Monitor.Pulse(_gate);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static long Milliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)time.TotalMilliseconds;

        private void Set(TimeSpan dueTime, TimeSpan period)
        {
            long first = Milliseconds(dueTime);
            _due = first == long.MaxValue ? first : Environment.TickCount64 + first;
            _period = Milliseconds(period);
        }

        private void Run()
        {
            while (WaitUntilDue())
            {
                _callback(_state);
            }
        }

        private bool WaitUntilDue()
        {
            lock (_gate)
            {
                while (!_disposed)
                {
                    long now = Environment.TickCount64;
                    if (now >= _due)
                    {
                        // A tick that comes a period late or more is one tick: the others are not made up for.
                        _due = _period is 0 or long.MaxValue ? long.MaxValue : Math.Max(_due + _period, now + 1);
                        return true;
                    }

                    Monitor.Wait(_gate, (int)Math.Min(_due - now, int.MaxValue));
                }

                return false;
            }
        }
    }
}
