using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using MapAgent.Sampling;
using Microsoft.Extensions.Logging;

namespace MapAgent.Export.Otlp;

/// <summary>
/// Sends the newest snapshot once per interval, on a thread of its own: a receiver that is slow or gone holds up nobody. Nothing
/// is kept for later; a tick that falls into an export is left out.
/// </summary>
internal sealed class OtlpSender : IDisposable
{
    private static readonly TimeSpan s_lastWord = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(10);
    private readonly SnapshotStore _store;
    private readonly OtlpSettings _settings;
    private readonly OtlpEncoding _encoding;
    private readonly Exposition _exposition;
    private readonly OtlpCounts _counts;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private volatile OtlpTransport? _transport;
    private Snapshot? _begun;
    private int _next;
    private long? _told;
    private bool _isTold;
    private long _failures;
    private bool _due;
    private bool _stopping;

    /// <summary>Starts the thread.</summary>
    public OtlpSender(SnapshotStore store, OtlpSettings settings, OtlpEncoding encoding, Exposition exposition, TimeProvider clock, ILogger logger)
    {
        _store = store;
        _settings = settings;
        _encoding = encoding;
        _exposition = exposition;
        _counts = exposition.Otlp!;
        _clock = clock;
        _logger = logger;
        Log.Sending(logger, Endpoint, settings.Interval.TotalSeconds);
        _thread = new Thread(Loop) { IsBackground = true, Name = "otlp" };
        _thread.Start();
        _timer = clock.CreateTimer(static sender => ((OtlpSender)sender!).Tick(), this, settings.Interval, settings.Interval);
    }

    private string Endpoint => _settings.Endpoint.GetLeftPart(UriPartial.Path);

    /// <summary>Sends what is new for the last time, for at most a second, and ends the thread.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        if (!_thread.Join(s_lastWord))
        {
            _transport?.Cancel();
            _thread.Join(s_lastWord);
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _due = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Loop()
    {
        bool stopping = false;
        while (!stopping)
        {
            lock (_gate)
            {
                while (!_due && !_stopping)
                {
                    Monitor.Wait(_gate);
                }
            }

            Export();
            lock (_gate)
            {
                // Ticks that came meanwhile are left out; and there is no last word after one that took so long.
                _due = false;
                stopping = _stopping;
            }
        }

        _transport?.Dispose();
    }

    private void Export()
    {
        // A snapshot is sent once. While there is no new one there is nothing to say.
        if (_store.Current is not { } snapshot || (ReferenceEquals(snapshot, _begun) && _next < 0))
        {
            return;
        }

        // What the receiver has taken of a snapshot is not sent again either: it may have rejected some of it for good.
        _next = ReferenceEquals(snapshot, _begun) ? _next : 0;
        _begun = snapshot;
        string? wrong = Send(_exposition.ViewOf(snapshot, snapshot.Timestamp));
        _counts.Record(wrong is null);
        if (_next >= 0)
        {
            // A new one reads certificates again and looks the name up again.
            _transport?.Dispose();
            _transport = null;
        }

        Tell(wrong);
    }

    private void Tell(string? wrong)
    {
        if (wrong is null)
        {
            if (_isTold)
            {
                _isTold = false;
                Log.Recovered(_logger, Endpoint, _failures);
            }

            _failures = 0;
            return;
        }

        _failures++;
        long now = _clock.GetTimestamp();
        if (!Volatile.Read(ref _stopping) && (_told is not { } told || _clock.GetElapsedTime(told, now) >= s_quiet))
        {
            _told = now;
            _isTold = true;
            Log.Failed(_logger, Endpoint, wrong);
        }
    }

    /// <summary>Sends what is left of a snapshot; then <see cref="_next"/> is less than 0, else where to go on.</summary>
    /// <returns>What went wrong, or was rejected of requests that were taken.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong with a receiver or its certificate must not end the agent; it is counted and told.")]
    private string? Send(View view)
    {
        string? rejected = null;
        try
        {
            _transport ??= new OtlpTransport(_settings);
            while (_next >= 0)
            {
                int next = _encoding.Write(view, _next);
                OtlpAnswer answer = _transport.Send(_encoding.Request);
                if (!answer.IsTaken)
                {
                    return answer.Wrong;
                }

                rejected ??= answer.Wrong;
                _encoding.Accepted();
                _next = next;
            }

            return rejected;
        }
        catch (Exception error)
        {
            return OtlpBody.Short(error.Message);
        }
    }
}
