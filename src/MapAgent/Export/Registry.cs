using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MapAgent.Sampling;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MapAgent.Export;

/// <summary>
/// A Meter with its instruments, the MeterProvider that collects it, and the exporter's pipeline that writes it. Collecting
/// reads the view that is pinned, and nothing else.
/// </summary>
internal sealed class Registry : IDisposable
{
    private readonly Meter _meter = new("MapAgent");
    private readonly MeterProvider _provider;
    private readonly Dictionary<HistogramFamily, Histogram<double>> _histograms = [];
    private View? _pinned;

    /// <summary>Builds instruments for the families.</summary>
    /// <param name="families">Rows of the table.</param>
    /// <param name="labelSets">How many label sets a series family may have in the registry's life.</param>
    /// <param name="otherSets">The same for a family of shm mounts or containers.</param>
    /// <param name="fileSets">The same for a family of files.</param>
    public Registry(IEnumerable<Family> families, int labelSets, int otherSets = 0, int fileSets = 0)
    {
        Dictionary<string, MetricStreamConfiguration> streams = [];
        foreach (Family family in families)
        {
            streams[family.Instrument] = Create(family, labelSets, otherSets, fileSets);
        }

        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(_meter.Name)
            .AddView(instrument => ReferenceEquals(instrument.Meter, _meter) ? streams[instrument.Name] : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(static options =>
            {
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                // Renderings are kept by Exposition, for both registries together.
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            })
            .Build();
        Pipeline = new ScrapePipeline(_provider);
    }

    /// <summary>Writes what is pinned.</summary>
    public ScrapePipeline Pipeline { get; }

    /// <summary>Fixes what the next collection reads. Collections and this call must not overlap.</summary>
    public void Pin(View view) => _pinned = view;

    /// <summary>Counts one observation.</summary>
    public void Observe(HistogramFamily family, double value) => _histograms[family].Record(value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _provider.Dispose();
    }

    private MetricStreamConfiguration Create(Family family, int labelSets, int otherSets, int fileSets)
    {
        switch (family)
        {
            case HistogramFamily histogram:
                _histograms[histogram] = _meter.CreateHistogram<double>(family.Instrument, family.Unit, family.Help);
                return new ExplicitBucketHistogramConfiguration { Boundaries = [.. histogram.Bounds], CardinalityLimit = 2 };
            case SeriesFamily series:
                bool real = series.Parts[0].Real is not null;
                Add(family, real ? () => Real(series) : null, real ? null : () => Whole(series));
                return new MetricStreamConfiguration { CardinalityLimit = (labelSets * series.Parts.Length) + 1 };
            case FileFamily files:
                Add(family, files.Real is null ? null : () => Real(files), files.Real is null ? () => Whole(files) : null);
                return new MetricStreamConfiguration { CardinalityLimit = fileSets + 1 };
            case NodeFamily node:
                bool seconds = node.Unit == "s";
                Add(family, seconds ? () => Real(node) : null, seconds ? null : () => Whole(node));
                return new MetricStreamConfiguration { CardinalityLimit = node.ComesAndGoes ? otherSets + 1 : node.Places };
            default:
                throw new InvalidOperationException($"{family.Instrument}: no such kind of family");
        }
    }

    private void Add(Family family, Func<IEnumerable<Measurement<double>>>? real, Func<IEnumerable<Measurement<long>>>? whole)
    {
        string? unit = family.Unit.Length == 0 ? null : family.Unit;
        _ = (family.Kind, real) switch
        {
            (InstrumentKind.Counter, null) => (Instrument)_meter.CreateObservableCounter(family.Instrument, whole!, unit, family.Help),
            (InstrumentKind.Counter, _) => _meter.CreateObservableCounter(family.Instrument, real, unit, family.Help),
            (_, null) => _meter.CreateObservableGauge(family.Instrument, whole!, unit, family.Help),
            (_, _) => _meter.CreateObservableGauge(family.Instrument, real, unit, family.Help),
        };
    }

    private IEnumerable<Measurement<long>> Whole(SeriesFamily family)
    {
        View view = _pinned!;
        foreach (Part part in family.Parts)
        {
            foreach (SeriesSnapshot series in view.Snapshot.Series)
            {
                if (part.Whole!(series, view) is { } value)
                {
                    yield return new Measurement<long>(value, TagsOf(series.Labels, part));
                }
            }
        }
    }

    private IEnumerable<Measurement<long>> Whole(FileFamily family) => Files(family.Whole!);

    private IEnumerable<Measurement<double>> Real(FileFamily family) => Files(family.Real!);

    private IEnumerable<Measurement<T>> Files<T>(Func<SeriesSnapshot, IEnumerable<KeyValuePair<string, T>>> files)
        where T : struct
    {
        foreach (SeriesSnapshot series in _pinned!.Snapshot.Series)
        {
            foreach (KeyValuePair<string, T> file in files(series))
            {
                TagList tags = TagsOf(series.Labels);
                tags.Add("file", file.Key);
                yield return new Measurement<T>(file.Value, tags);
            }
        }
    }

    private IEnumerable<Measurement<double>> Real(SeriesFamily family)
    {
        View view = _pinned!;
        foreach (SeriesSnapshot series in view.Snapshot.Series)
        {
            if (family.Parts[0].Real!(series, view) is { } value)
            {
                yield return new Measurement<double>(value, TagsOf(series.Labels, family.Parts[0]));
            }
        }
    }

    private IEnumerable<Measurement<long>> Whole(NodeFamily family)
    {
        foreach (Point point in family.Points(_pinned!))
        {
            yield return new Measurement<long>((long)point.Value, point.Labels);
        }
    }

    private IEnumerable<Measurement<double>> Real(NodeFamily family)
    {
        foreach (Point point in family.Points(_pinned!))
        {
            yield return new Measurement<double>(point.Value, point.Labels);
        }
    }

    private static TagList TagsOf(SeriesLabels labels, Part part)
    {
        TagList tags = TagsOf(labels);
        foreach (KeyValuePair<string, object?> label in part.Labels)
        {
            tags.Add(label);
        }

        return tags;
    }

    private static TagList TagsOf(SeriesLabels labels)
    {
        TagList tags = new() { { "group", labels.Group } };
        Add(ref tags, "namespace", labels.Namespace);
        Add(ref tags, "pod", labels.Pod);
        Add(ref tags, "container", labels.Container);
        Add(ref tags, "pid", labels.Pid);
        return tags;
    }

    private static void Add(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }
}
