using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Sampling;
using MapAgent.Selection;
using Microsoft.Extensions.Time.Testing;

namespace MapAgent.Tests.Export;

/// <summary>A pass over a tree and the exposition of its snapshots, composed as the agent composes them.</summary>
internal sealed class Page : IDisposable
{
    private readonly Measuring _measuring;

    /// <summary>Opens the tree.</summary>
    public Page(ProcTree tree, PassSetup? setup = null)
    {
        Exposition = new Exposition(Clock);
        _measuring = new Measuring(tree.Root, Clock, Exposition.Times);
        _measuring.Pass.Configure(setup ?? PassSetup.Default);
    }

    /// <summary>A clock that stands still.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    /// <summary>The exposition.</summary>
    public Exposition Exposition { get; }

    /// <summary>One pass.</summary>
    public Snapshot Measure() => _measuring.Pass.Run();

    /// <summary>One snapshot as text.</summary>
    public async Task<ScrapeText> RenderAsync(Snapshot snapshot, ExpositionFormat format = ExpositionFormat.Text) =>
        new(Encoding.UTF8.GetString((await Exposition.RenderAsync(snapshot, format, compressed: false, CancellationToken.None)).Body));

    /// <summary>A view of a snapshot, now.</summary>
    public View ViewOf(Snapshot snapshot) => new(snapshot, Clock.GetTimestamp(), Clock);

    /// <summary>A setup with one rule that gives every process with this name a series of its own.</summary>
    public static PassSetup PerProcess(string comm, int limit) =>
        Rule.TryCreate(new RuleOptions { Name = "{{.Comm}}", Comm = [comm], PerProcess = true }, out Rule? rule, out _)
            ? new PassSetup(new RuleSet([rule], children: false), new SamplingOptions(), new LimitOptions { PerProcess = limit })
            : throw new ArgumentException("no such rule", nameof(comm));

    /// <inheritdoc/>
    public void Dispose()
    {
        _measuring.Dispose();
        Exposition.Dispose();
    }
}
