using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>A pass over a tree, with a clock that the test moves.</summary>
internal sealed class PassFixture : IDisposable
{
    private readonly ProcReader _reader;
    private readonly Pass _pass;

    public PassFixture(PassSetup? setup = null)
    {
        Tree = new ProcTree().WithNode();
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _reader = new ProcReader(Tree.Root);
        Lookups = new Lookups(Tree.Root, TimeProvider.System, NullLogger.Instance);
        _pass = new Pass(_reader, SystemFacts.Read(_reader), Clock, new UserNames(null, Clock), PassTimes.None, Lookups);
        Configure(setup ?? PassSetup.Default);
    }

    public ProcTree Tree { get; }

    public FakeTimeProvider Clock { get; }

    public ReadLedger Ledger => _reader.Ledger;

    public CgroupTurn Containers
    {
        set => _pass.Containers = value;
    }

    public OnDemandBudget OnDemand => _pass.OnDemand;

    /// <summary>Off until it is configured.</summary>
    public Lookups Lookups { get; }

    public static PassSetup Setup(bool children = true, LimitOptions? limits = null, SamplingOptions? sampling = null, params RuleOptions[] rules) =>
        new(new RuleSet(rules.Select(Compile), children), sampling ?? new SamplingOptions(), limits ?? new LimitOptions(), new ShmOptions(), new MappingsOptions());

    public void Configure(PassSetup setup) => _pass.Configure(setup);

    /// <summary>Asks for names in the folder log of the tree, and waits for the answers.</summary>
    public void Name()
    {
        Lookups.Configure(new KubernetesOptions { Logs = Tree.Path + "/log", Sources = "logs" });
        Lookups.Begin(_reader, TimeSpan.FromMinutes(1));
    }

    /// <summary>Runs a pass 15 seconds after the one before.</summary>
    public Snapshot Run()
    {
        Clock.Advance(TimeSpan.FromSeconds(15));
        return _pass.Run();
    }

    public void Dispose()
    {
        Lookups.Dispose();
        _reader.Dispose();
        Tree.Dispose();
    }

    private static Rule Compile(RuleOptions options)
    {
        Assert.True(Rule.TryCreate(options, out Rule? rule, out IReadOnlyList<(string Key, int Index, string Error)> errors), string.Join("; ", errors));
        return rule;
    }
}

internal static class SnapshotQueries
{
    public static SeriesSnapshot Group(this Snapshot snapshot, string name) =>
        Assert.Single(snapshot.Series, series => series.Labels.Group == name);

    public static string[] Groups(this Snapshot snapshot) => [.. snapshot.Series.Select(static series => series.Labels.Group)];
}
