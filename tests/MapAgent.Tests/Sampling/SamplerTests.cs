using System;
using System.Collections.Concurrent;
using System.Threading;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class SamplerTests : IDisposable
{
    private readonly ProcTree _tree = new ProcTree().WithNode().WithProcess(10, new StatLine { Comm = "a" });
    private readonly FakeTimeProvider _clock = new();
    private readonly BlockingCollection<Snapshot> _published = [];
    private readonly ProcReader _reader;
    private readonly SnapshotStore _store = new();
    private readonly Kept _log = new();
    private readonly Sampler _sampler;

    public SamplerTests()
    {
        _reader = new ProcReader(_tree.Root);
        Pass pass = new(_reader, SystemFacts.Read(_reader), _clock, new UserNames(null, _clock), PassTimes.None);
        _sampler = new Sampler(pass, PassSetup.Default, _store, _clock, _log) { Published = _published.Add };
    }

    public void Dispose()
    {
        _sampler.Dispose();
        _reader.Dispose();
        _tree.Dispose();
        _published.Dispose();
    }

    [Fact]
    public void The_first_pass_runs_at_once_and_then_one_for_each_interval()
    {
        _sampler.Start();
        Assert.Equal(1, Next().Passes);
        Assert.False(_published.TryTake(out _, 50, TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(2, Next().Passes);
        Assert.Same(_store.Current!, _store.Current);
    }

    [Fact]
    public void Ticks_during_a_pass_are_left_out_and_counted()
    {
        using ManualResetEventSlim busy = new();
        using ManualResetEventSlim go = new();
        bool first = true;
        _sampler.Published = snapshot =>
        {
            // Still on the sampler's thread: the pass is not over before this returns.
            if (first)
            {
                first = false;
                busy.Set();
                go.Wait(TestContext.Current.CancellationToken);
            }

            _published.Add(snapshot);
        };
        _sampler.Start();
        busy.Wait(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(15));
        _clock.Advance(TimeSpan.FromSeconds(15));
        go.Set();
        Assert.Equal(0, Next().SkippedPasses);
        Assert.False(_published.TryTake(out _, 50, TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Snapshot second = Next();
        Assert.Equal(2, second.SkippedPasses);
        Assert.Equal(2, second.Passes);
    }

    [Fact]
    public void A_reload_takes_effect_at_once_and_a_refused_one_is_shown()
    {
        _sampler.Start();
        Assert.Equal(["a"], Next().Groups());
        Assert.True(Rule.TryCreate(new RuleOptions { Name = "renamed", Comm = ["a"] }, out Rule? rule, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _sampler.Reload(PassSetup.Default with { Rules = new RuleSet([rule], true) });
        Snapshot accepted = Next();
        Assert.Equal(["renamed"], accepted.Groups());
        Assert.Equal(_clock.GetUtcNow(), accepted.ConfiguredAt);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _sampler.ReloadFailed();
        Snapshot refused = Next();
        Assert.Equal(accepted.ConfiguredAt, refused.ConfiguredAt);
        Assert.False(refused.ReloadSucceeded);
        Assert.Equal(["renamed"], refused.Groups());
    }

    [Fact]
    public void What_fails_after_a_pass_is_not_told_as_a_failed_pass_and_the_next_one_runs()
    {
        _sampler.Published = snapshot =>
        {
            _published.Add(snapshot);
            throw new InvalidOperationException("a defect");
        };
        _sampler.Start();
        Next();
        // A tick might come while the pass is not over yet, and be left out.
        _sampler.ReloadFailed();
        Assert.Equal(2, Next().Passes);
        _sampler.Dispose();
        Assert.Equal(2, _store.Current!.Passes);
        // The first snapshot, and twice what followed; no failed pass (101).
        Assert.Equal([100, 106, 106], _log.Ids);
    }

    private Snapshot Next()
    {
        Assert.True(_published.TryTake(out Snapshot? snapshot, 10_000, TestContext.Current.CancellationToken), "no snapshot came");
        return snapshot;
    }

    private sealed class Kept : ILogger<Sampler>
    {
        public ConcurrentQueue<int> Ids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Ids.Enqueue(eventId.Id);
    }
}
