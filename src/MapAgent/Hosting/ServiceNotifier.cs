using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using MapAgent.Sampling;
using Microsoft.Extensions.Logging;

namespace MapAgent.Hosting;

/// <summary>
/// Speaks sd_notify(3) whenever NOTIFY_SOCKET is set. The hosting integration of .NET looks at the parent's name first, sends
/// neither watchdog pings nor reload marks, and would stay silent under other supervisors.
/// </summary>
/// <remarks>Never waits and never throws: measuring goes on whether or not a supervisor reads. The first failure is told in the log.</remarks>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly SupervisorSocket _socket;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private ITimer? _watchdog;
    private readonly Lock _gate = new();
    private bool _listening;
    private bool _isReady;
    private bool _owesReady = true;
    private bool _toldFailure;

    /// <summary>A notifier.</summary>
    /// <param name="address">NOTIFY_SOCKET; silent without.</param>
    /// <param name="clock">Times the watchdog.</param>
    /// <param name="logger">Told once that the supervisor does not hear.</param>
    public ServiceNotifier(string? address, TimeProvider clock, ILogger logger)
    {
        _socket = new SupervisorSocket(address);
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Says READY as soon as the server listens and a snapshot is there, and then what the newest one holds.</summary>
    /// <param name="snapshot">The newest snapshot; null before the first.</param>
    /// <param name="listening">True when the caller knows that the server listens.</param>
    public void Tell(Snapshot? snapshot, bool listening = false)
    {
        lock (_gate)
        {
            _listening |= listening;
            if (_socket.IsEnabled && _listening && snapshot is not null)
            {
                TellStatus(snapshot);
            }
        }
    }

    /// <summary>Pings the watchdog at half its period for as long as the newest snapshot is fresh.</summary>
    public void Watch(SnapshotStore store, Func<TimeSpan> interval)
    {
        string? period = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        if (WatchdogPeriod(period, Environment.GetEnvironmentVariable("WATCHDOG_PID")) is { } time)
        {
            _watchdog = _clock.CreateTimer(_ => Ping(store.Current, interval(), time / 2), null, time / 2, time / 2);
        }
    }

    /// <summary>The watchdog's period, when it is meant for this process.</summary>
    public static TimeSpan? WatchdogPeriod(string? microseconds, string? pid) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long period) && period > 0
        && (string.IsNullOrEmpty(pid) || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(period)
            : null;

    /// <summary>Says that the configuration is being read again.</summary>
    public void Reloading()
    {
        long microseconds = (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>Says that the reload is over, well or not.</summary>
    public void Reloaded(bool succeeded)
    {
        lock (_gate)
        {
            // Before the first snapshot the service is not ready, and the reload does not make it so.
            _owesReady = true;
            SayReady(_isReady, succeeded ? "STATUS=reloaded" : "STATUS=reload refused; see the log");
        }
    }

    /// <summary>Says that the service is ending.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    private void TellStatus(Snapshot snapshot)
    {
        _isReady = true;
        SayReady(isReady: true, string.Create(CultureInfo.InvariantCulture,
            $"STATUS={snapshot.Processes} processes in {snapshot.Series.Count} series; last pass {snapshot.Duration.TotalMilliseconds:F0} ms"));
    }

    // A READY that was lost is said again with the next status: a supervisor waits for it.
    private void SayReady(bool isReady, string status)
    {
        bool says = isReady && _owesReady;
        if (Send(says ? "READY=1\n" + status : status) && says)
        {
            _owesReady = false;
        }
    }

    private void Ping(Snapshot? newest, TimeSpan interval, TimeSpan half)
    {
        if (Freshness.IsFresh(newest, _clock, interval) && !Send("WATCHDOG=1"))
        {
            // The next one would come just when time is up.
            _watchdog?.Change(half / 4, half);
        }
    }

    private bool Send(string state)
    {
        lock (_gate)
        {
            if (_socket.Send(state) is not { } failure)
            {
                return true;
            }

            if (!_toldFailure)
            {
                _toldFailure = true;
                Log.NotHeard(_logger, failure);
            }

            return false;
        }
    }
}
