using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export.Otlp;
using MapAgent.Sampling;

namespace MapAgent.Export;

/// <summary>
/// Renders snapshots as Prometheus reads them. One rendering at a time; scrapes that come together share it. The registry of
/// the node lives as long as the agent; that of the groups is replaced between two scrapes when its places run out.
/// </summary>
internal sealed class Exposition(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_shared = TimeSpan.FromMilliseconds(300);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Registry _node = new([.. ShmFamilies.Node, .. IdentityFamilies.All, .. NodeFamilies.All, NodeFamilies.PassDuration, NodeFamilies.RollupRead], 1);
    private readonly List<Rendering> _recent = [];
    private Generation? _groups;

    /// <summary>How many generations there have been.</summary>
    public int Generations { get; private set; }

    /// <summary>What the server counts; null where nothing is served.</summary>
    public WebCounts? Web { get; init; }

    /// <summary>Where the sampler sends durations.</summary>
    public PassTimes Times => new(seconds => Observe(NodeFamilies.RollupRead, seconds), seconds => Observe(NodeFamilies.PassDuration, seconds));

    /// <summary>The same durations counted for OTLP: those of the SDK are for its own readers alone.</summary>
    public IReadOnlyDictionary<HistogramFamily, HistogramCounts> Histograms { get; } = new Dictionary<HistogramFamily, HistogramCounts>
    {
        [NodeFamilies.RollupRead] = new(NodeFamilies.RollupRead.Bounds),
        [NodeFamilies.PassDuration] = new(NodeFamilies.PassDuration.Bounds),
    };

    /// <summary>How exports by OTLP ended; null while it was never on.</summary>
    public OtlpCounts? Otlp { get; set; }

    /// <summary>What an export looks at.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">The moment to which ages are counted, as a timestamp of the clock.</param>
    public View ViewOf(Snapshot snapshot, long now) => new(snapshot, now, clock) { Web = Web, Otlp = Otlp };

    /// <summary>Renders a snapshot, or gives out a rendering of it that is hardly older than the request.</summary>
    /// <param name="snapshot">Read once by the caller.</param>
    /// <param name="format">Text or OpenMetrics.</param>
    /// <param name="compressed">True for gzip.</param>
    /// <param name="cancel">Ends the wait for the turn, not the rendering.</param>
    /// <exception cref="InvalidOperationException">The exporter failed to collect.</exception>
    public async Task<Rendering> RenderAsync(Snapshot snapshot, ExpositionFormat format, bool compressed, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            _recent.RemoveAll(old => clock.GetElapsedTime(old.At) > s_shared || !ReferenceEquals(old.Snapshot, snapshot));
            Rendering? rendering = _recent.FirstOrDefault(recent => recent.Format == format && recent.IsCompressed == compressed);
            if (rendering is null)
            {
                rendering = await Render(ViewOf(snapshot, clock.GetTimestamp()), format, compressed);
                _recent.Add(rendering);
            }

            return rendering;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups?.Dispose();
        _node.Dispose();
        _one.Dispose();
    }

    private void Observe(HistogramFamily family, double seconds)
    {
        _node.Observe(family, seconds);
        Histograms[family].Observe(seconds);
    }

    private async Task<Rendering> Render(View view, ExpositionFormat format, bool compressed)
    {
        Registry groups = RegistryFor(view.Snapshot);
        groups.Pin(view);
        _node.Pin(view);
        using MemoryStream body = new();
        if (compressed)
        {
            using GZipStream gzip = new(body, CompressionLevel.Fastest, leaveOpen: true);
            await Write(groups, format, gzip);
        }
        else
        {
            await Write(groups, format, body);
        }

        return new Rendering(view.Snapshot, format, compressed, view.Now, body.ToArray());
    }

    private async Task Write(Registry groups, ExpositionFormat format, Stream target)
    {
        using LineFilter lines = new(target);
        if (!await groups.Pipeline.WriteAsync(format.Accept(), lines) || !await _node.Pipeline.WriteAsync(format.Accept(), lines))
        {
            throw new InvalidOperationException("the exporter failed to collect");
        }

        if (format == ExpositionFormat.OpenMetrics)
        {
            target.Write("# EOF\n"u8);
        }
    }

    private Registry RegistryFor(Snapshot snapshot)
    {
        if (_groups is null || !_groups.Admit(snapshot))
        {
            _groups?.Dispose();
            _groups = new Generation(snapshot);
            _groups.Admit(snapshot);
            Generations++;
        }

        return _groups.Registry;
    }
}
