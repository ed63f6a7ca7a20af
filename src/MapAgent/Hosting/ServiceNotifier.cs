using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using MapAgent.Sampling;
using Microsoft.Extensions.Hosting.Systemd;

namespace MapAgent.Hosting;

/// <summary>
/// Speaks sd_notify(3) whenever NOTIFY_SOCKET is set. The hosting integration of .NET looks at the parent's name first, sends
/// neither watchdog pings nor reload marks, and would stay silent under other supervisors.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly SystemdNotifier _socket = new();
    private readonly TimeProvider _clock;
    private ITimer? _watchdog;
    private readonly Lock _gate = new();
    private bool _listening;
    private bool _ready;

    /// <summary>A notifier; silent without NOTIFY_SOCKET.</summary>
    public ServiceNotifier(TimeProvider clock) => _clock = clock;

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
            _watchdog = _clock.CreateTimer(_ => Ping(store.Current, interval()), null, time / 2, time / 2);
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
            string ready = _ready ? "READY=1\n" : "";
            Send(ready + (succeeded ? "STATUS=reloaded" : "STATUS=reload refused; see the log"));
        }
    }

    /// <summary>Says that the service is ending.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => _watchdog?.Dispose();

    private void TellStatus(Snapshot snapshot)
    {
        string status = string.Create(CultureInfo.InvariantCulture,
            $"STATUS={snapshot.Processes} processes in {snapshot.Series.Count} series; last pass {snapshot.Duration.TotalMilliseconds:F0} ms");
        Send(_ready ? status : "READY=1\n" + status);
        _ready = true;
    }

    private void Ping(Snapshot? newest, TimeSpan interval)
    {
        if (Freshness.IsFresh(newest, _clock, interval))
        {
            Send("WATCHDOG=1");
        }
    }

    private void Send(string state)
    {
        if (_socket.IsEnabled)
        {
            _socket.Notify(new ServiceState(state));
        }
    }
}
