using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace MapAgent.Identity;

/// <summary>Asks one source, on a thread of its own: one that hangs holds up neither a pass nor the other sources.</summary>
internal sealed class LookupLoop : IDisposable
{
    private const int StackBytes = 512 << 10;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(10);

    private readonly NameSource _source;
    private readonly LookupPace _pace;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly LookupLedger _ledger;
    private readonly ILogger _logger;
    private readonly Action _changed;
    private readonly object _gate = new();

    [SuppressMessage("Usage", "CA2213", Justification = "The thread uses it until it ends, and disposes it then.")]
    private readonly CancellationTokenSource _end = new();

    private bool _answered;
    private IReadOnlyList<UnnamedContainer> _unnamed = [];
    private FoundNames _found = new();
    private bool _asked;
    private bool _ended;
    private LookupOutcome? _told;
    private long _toldAt;

    /// <summary>A loop that has not started.</summary>
    /// <param name="source">Is disposed with the loop.</param>
    /// <param name="options">Interval and timeout.</param>
    /// <param name="clock">Counts the waits.</param>
    /// <param name="ledger">Counts the outcomes.</param>
    /// <param name="logger">Takes what is to be said.</param>
    /// <param name="changed">Called on the loop's thread after each answer.</param>
    public LookupLoop(NameSource source, KubernetesOptions options, TimeProvider clock, LookupLedger ledger, ILogger logger, Action changed)
    {
        _source = source;
        _pace = new LookupPace(options.Interval);
        _timeout = options.Timeout;
        _clock = clock;
        _ledger = ledger;
        _logger = logger;
        _changed = changed;
    }

    /// <summary>Which source.</summary>
    public SourceKind Kind => _source.Kind;

    /// <summary>The names that it knows. Never changed once given out.</summary>
    public FoundNames Found => Volatile.Read(ref _found);

    /// <summary>Starts asking.</summary>
    public void Start() => new Thread(Run, StackBytes) { IsBackground = true, Name = "names " + Kind.Label() }.Start();

    /// <summary>Says which containers have no name, so that the source is asked soon.</summary>
    public void Ask(IReadOnlyList<UnnamedContainer> unnamed)
    {
        lock (_gate)
        {
            _unnamed = unnamed;
            _asked = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the end of the first lookup.</summary>
    public void WaitForFirst(TimeSpan time)
    {
        long from = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!_answered && !_ended && time - Stopwatch.GetElapsedTime(from) is var left && left > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, left);
            }
        }
    }

    /// <summary>Ends the loop; its thread ends as soon as its source lets it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _ended = true;
                _end.Cancel();
                Monitor.PulseAll(_gate);
            }
        }
    }

    [SuppressMessage("Security", "CA5394", Justification = "It only spreads the agents of a cluster over time.")]
    private void Run()
    {
        while (true)
        {
            IReadOnlyList<UnnamedContainer> unnamed;
            lock (_gate)
            {
                unnamed = _unnamed;
                _asked = false;
            }

            LookupOutcome outcome = Look(unnamed);
            _pace.Done(outcome, Random.Shared.NextDouble());
            Tell(outcome);
            lock (_gate)
            {
                _answered = true;
                Monitor.PulseAll(_gate);
            }

            if (!Wait())
            {
                _source.Dispose();
                _end.Dispose();
                return;
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A defect in a lookup must not end the agent: it is logged and counted, and names are absent.")]
    private LookupOutcome Look(IReadOnlyList<UnnamedContainer> unnamed)
    {
        FoundNames found = new();
        LookupOutcome outcome;
        try
        {
            using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            time.CancelAfter(_timeout);
            outcome = _source.Look(unnamed, found, time.Token);
        }
        catch (Exception error)
        {
            Log.Defect(_logger, Kind.Label(), error);
            outcome = LookupOutcome.Failed;
        }

        _ledger.Record(Kind, outcome, found.Refused);
        // Names do not change: those from before stay right while a source is away, and what is more is welcome even if it is not all.
        if (outcome == LookupOutcome.Ok || found.Pods.Count + found.Containers.Count >= Found.Pods.Count + Found.Containers.Count)
        {
            Volatile.Write(ref _found, found);
            _changed();
        }

        return outcome;
    }

    private bool Wait()
    {
        long from = _clock.GetTimestamp();
        lock (_gate)
        {
            while (!_ended)
            {
                TimeSpan left = (_asked ? _pace.WhenAsked : _pace.Otherwise) - _clock.GetElapsedTime(from);
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                Monitor.Wait(_gate, left + TimeSpan.FromMilliseconds(1));
            }

            return !_ended;
        }
    }

    private void Tell(LookupOutcome outcome)
    {
        if (outcome == _told || _ended || (_told is not null && outcome != LookupOutcome.Ok && _clock.GetElapsedTime(_toldAt) < s_quiet))
        {
            return;
        }

        _told = outcome;
        _toldAt = _clock.GetTimestamp();
        if (outcome == LookupOutcome.Ok)
        {
            Log.Named(_logger, Kind.Label(), Found.Pods.Count, Found.Containers.Count);
        }
        else
        {
            Log.Unnamed(_logger, Kind.Label(), outcome.Label(), (long)Math.Ceiling(_pace.Otherwise.TotalSeconds));
        }
    }
}
