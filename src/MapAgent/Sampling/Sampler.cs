using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using MapAgent.Procfs;
using Microsoft.Extensions.Logging;

namespace MapAgent.Sampling;

/// <summary>
/// Runs a pass at once and then one per interval on a thread of its own, so that a read that takes long holds up nothing else.
/// A tick that falls into a running pass is left out and counted.
/// </summary>
internal sealed class Sampler : IDisposable
{
    private readonly Pass _pass;
    private readonly SnapshotStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private ITimer? _timer;
    private TimeSpan _interval;
    private PassSetup? _next;
    private bool _asked;
    private int _ticks;
    private long _skipped;
    private volatile bool _stopping;
    private volatile bool _reloadSucceeded = true;
    private bool _toldDenied;
    private bool _toldLate;

    /// <summary>A sampler that has not started.</summary>
    public Sampler(Pass pass, PassSetup setup, SnapshotStore store, TimeProvider clock, ILogger<Sampler> logger)
    {
        _pass = pass;
        _pass.Configure(setup);
        _interval = setup.Sampling.Interval;
        _store = store;
        _clock = clock;
        _logger = logger;
        _thread = new Thread(Loop) { IsBackground = true, Name = "sampler" };
    }

    /// <summary>Called on the sampler's thread after each snapshot is published. Should not throw; a pass does not fail by it.</summary>
    public Action<Snapshot>? Published { get; set; }

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _timer = _clock.CreateTimer(static sampler => ((Sampler)sampler!).Tick(), this, _interval, _interval);
        _thread.Start();
    }

    /// <summary>Puts a new setup in force and runs a pass at once.</summary>
    public void Reload(PassSetup setup)
    {
        Volatile.Write(ref _next, setup);
        _reloadSucceeded = true;
        Ask();
    }

    /// <summary>Notes that a reload was refused; the setup in force stays.</summary>
    public void ReloadFailed()
    {
        _reloadSucceeded = false;
        Ask();
    }

    /// <summary>Ends the thread after the read it is in; waits for it for at most 3 seconds.</summary>
    public void Dispose()
    {
        _stopping = true;
        _timer?.Dispose();
        Ask();
        if (_timer is not null)
        {
            _thread.Join(TimeSpan.FromSeconds(3));
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _ticks++;
            Monitor.Pulse(_gate);
        }
    }

    private void Ask()
    {
        lock (_gate)
        {
            _asked = true;
            Monitor.Pulse(_gate);
        }
    }

    private bool IsDue() => _ticks > 0 || _asked || _stopping;

    private void Loop()
    {
        while (!_stopping)
        {
            RunPass();
            lock (_gate)
            {
                // Ticks that came meanwhile are late: a pass right after a long one would only make it worse.
                _skipped += _ticks;
                _ticks = 0;
                while (!IsDue())
                {
                    Monitor.Wait(_gate);
                }

                _ticks = 0;
                _asked = false;
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A defect in a pass must not end the agent: the snapshot gets stale, which is seen. Nor may one in what follows.")]
    private void RunPass()
    {
        if (Interlocked.Exchange(ref _next, null) is { } setup)
        {
            _pass.Configure(setup);
            _interval = setup.Sampling.Interval;
            _timer?.Change(_interval, _interval);
            Log.Reconfigured(_logger);
        }

        Snapshot snapshot;
        try
        {
            snapshot = _pass.Run(_skipped, _reloadSucceeded);
        }
        catch (Exception error)
        {
            Log.PassFailed(_logger, error);
            return;
        }

        _store.Publish(snapshot);
        try
        {
            Tell(snapshot);
            Published?.Invoke(snapshot);
        }
        catch (Exception error)
        {
            Log.FollowingFailed(_logger, error);
        }
    }

    private void Tell(Snapshot snapshot)
    {
        long milliseconds = (long)snapshot.Duration.TotalMilliseconds;
        if (snapshot.Passes == 1)
        {
            Log.FirstSnapshot(_logger, milliseconds, snapshot.Processes, snapshot.Series.Count, snapshot.Unmatched);
        }

        foreach (Giant giant in snapshot.Giants)
        {
            if (giant.IsNew)
            {
                Log.FoundGiant(_logger, giant.Pid, giant.Group, (long)(giant.PredictedSeconds * 1000), (long)giant.EverySeconds);
            }
        }

        long denied = snapshot.Reads.Reads(ProcFile.SmapsRollup, ReadOutcome.Denied);
        if (denied > 0 && !_toldDenied)
        {
            _toldDenied = true;
            Log.Denied(_logger, denied, snapshot.Processes);
        }

        if (snapshot.Duration > _interval && !_toldLate)
        {
            _toldLate = true;
            Log.Late(_logger, milliseconds);
        }
    }
}
