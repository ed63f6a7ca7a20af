using System;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Host;

/// <summary>
/// Counts, on a thread that sleeps in the kernel until it is woken, the windows in which tasks waited long for memory: what is over
/// between two passes is not missed, and a short standstill does not look like a long trickle.
/// </summary>
internal sealed class StallCount : IDisposable
{
    /// <summary>How much of a window tasks must have waited in.</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMilliseconds(200);

    /// <summary>At most one stall is counted in it. The kernel lets everybody have multiples of two seconds.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    // A thread that waits for ever could not be told to end.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly PressureTrigger? _trigger;
    private long _count;
    private volatile bool _isCounting;
    private volatile bool _stopping;

    /// <summary>Sets the trigger, where the kernel lets this agent have one.</summary>
    /// <param name="reader">Its root, and its books.</param>
    /// <param name="scope"><c>some</c> or <c>full</c>.</param>
    public StallCount(ProcReader reader, string scope) => PressureTrigger.Set(reader, scope, Threshold, Window, out _trigger);

    /// <summary>Windows since <see cref="Start"/>; null where nobody counts.</summary>
    public long? Count => _isCounting ? Volatile.Read(ref _count) : null;

    /// <summary>Begins to count.</summary>
    public void Start()
    {
        if (_trigger is not null)
        {
            _isCounting = true;
            new Thread(Loop) { IsBackground = true, Name = "memory stalls" }.Start();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        // A thread that counts may be waiting on the descriptor, which must not become another file's meanwhile.
        if (!_isCounting)
        {
            _trigger?.Dispose();
        }
    }

    private void Loop()
    {
        using PressureTrigger trigger = _trigger!;
        while (!_stopping && trigger.Wait(s_patience) is { } fired)
        {
            if (fired)
            {
                Interlocked.Increment(ref _count);
            }
        }

        _isCounting = false;
    }
}
