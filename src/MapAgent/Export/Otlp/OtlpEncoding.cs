using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MapAgent.Sampling;

namespace MapAgent.Export.Otlp;

/// <summary>
/// Writes a snapshot as OTLP requests. Every point carries when its counting began, which an SDK that dates an instrument as a
/// whole cannot say; a label set that is not in the snapshot is nowhere.
/// </summary>
/// <param name="settings">Attributes of the resource, and what is told as differences.</param>
/// <param name="histograms">What no snapshot holds.</param>
/// <param name="started">When the agent began to count.</param>
internal sealed class OtlpEncoding(
    OtlpSettings settings, IReadOnlyDictionary<HistogramFamily, HistogramCounts> histograms, DateTimeOffset started)
{
    // Field numbers of opentelemetry-proto's metrics.proto, resource.proto and common.proto, version 1.
    private const int Delta = 1;
    private const int Cumulative = 2;

    // Collectors refuse requests of more than 4 MiB unless they are told otherwise.
    private const int Enough = 3 << 20;
    private readonly ProtobufWriter _writer = new();
    private readonly DeltaBook _book = new();
    private readonly ulong _started = Nanoseconds(started);

    /// <summary>The request that was written last.</summary>
    public ReadOnlyMemory<byte> Request => _writer.Written;

    /// <summary>Writes the next request of an export.</summary>
    /// <param name="view">A snapshot at the moment at which it was taken; all requests of one export are of the same.</param>
    /// <param name="first">Index of the first metric; 0 for the first request.</param>
    /// <returns>Index of the first metric of the next request; less than 0 when this was the last.</returns>
    public int Write(View view, int first)
    {
        _writer.TakeBack(0);
        _book.Forget();
        int resource = _writer.Begin(1);
        WriteResource();
        int scope = _writer.Begin(2);
        int name = _writer.Begin(1);
        _writer.Text(1, "MapAgent");
        _writer.Text(2, BuildFacts.Version);
        _writer.End(name);
        int at = first;
        while (at < OtlpTable.All.Count && (at == first || _writer.Length < Enough))
        {
            WriteMetric(OtlpTable.All[at++], view);
        }

        _writer.End(scope);
        _writer.End(resource);
        return at < OtlpTable.All.Count ? at : -1;
    }

    /// <summary>The request that was written last was accepted.</summary>
    public void Accepted() => _book.Commit();

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void WriteResource()
    {
        int resource = _writer.Begin(1);
        foreach (KeyValuePair<string, string> attribute in settings.Resource)
        {
            WriteAttribute(1, attribute.Key, attribute.Value);
        }

        _writer.End(resource);
    }

    private void WriteMetric(OtlpMetric metric, View view)
    {
        int before = _writer.Length;
        int start = _writer.Begin(2);
        _writer.Text(1, metric.Name);
        _writer.Text(2, metric.Description);
        _writer.Text(3, metric.Unit);
        bool isDelta = metric.Kind switch
        {
            InstrumentKind.Counter => settings.AreCountersDelta,
            InstrumentKind.Histogram => settings.AreHistogramsDelta,
            _ => false,
        };
        int points = _writer.Begin(metric.Kind == InstrumentKind.Histogram ? 9 : metric.Kind == InstrumentKind.Counter || metric.IsSum ? 7 : 5);
        int empty = _writer.Length;
        foreach (OtlpSource source in metric.Sources)
        {
            WritePoints(source, view, isDelta);
        }

        if (_writer.Length == empty)
        {
            // Unknown: not even a name.
            _writer.TakeBack(before);
            return;
        }

        if (metric.Kind != InstrumentKind.Gauge || metric.IsSum)
        {
            _writer.Number(2, isDelta ? Delta : Cumulative);
        }

        if (metric.Kind == InstrumentKind.Counter)
        {
            _writer.Number(3, 1);
        }

        _writer.End(points);
        _writer.End(start);
    }

    private void WritePoints(OtlpSource source, View view, bool isDelta)
    {
        switch (source.Family)
        {
            case SeriesFamily family:
                foreach (Part part in family.Parts)
                {
                    WriteSeries(source, part, view, isDelta);
                }

                break;
            case FileFamily files:
                foreach (SeriesSnapshot series in view.Snapshot.Series)
                {
                    WriteFiles(source, files, series, view);
                }

                break;
            case NodeFamily node:
                foreach (Point point in node.Points(view))
                {
                    WriteNode(source, node, point, view, isDelta);
                }

                if (isDelta && node.Since == CounterStart.Unknown)
                {
                    _book.Sweep(node.Instrument, At(view));
                }

                break;
            case HistogramFamily histogram:
                WriteHistogram(histogram, view, isDelta);
                break;
            default:
                throw new InvalidOperationException($"{source.Family.Instrument}: no such kind of family");
        }
    }

    private void WriteSeries(OtlpSource source, Part part, View view, bool isDelta)
    {
        foreach (SeriesSnapshot series in view.Snapshot.Series)
        {
            long? whole = part.Whole?.Invoke(series, view);
            double? real = part.Real?.Invoke(series, view);
            if ((whole ?? real) is not { } value)
            {
                continue;
            }

            ulong start = Nanoseconds(series.CountedSince);
            if (isDelta)
            {
                if (_book.Take(series.Labels, source.Family.Instrument, value, start, At(view)) is not { } difference)
                {
                    continue;
                }

                (value, start) = difference;
                whole = (long)value;
            }

            int point = Begin(start, view, whole, value, source);
            WriteLabels(series.Labels);
            foreach (KeyValuePair<string, object?> label in part.Labels)
            {
                WriteAttribute(7, OtlpTable.AttributeOf(label.Key), (string)label.Value!);
            }

            _writer.End(point);
        }
    }

    private void WriteFiles(OtlpSource source, FileFamily family, SeriesSnapshot series, View view)
    {
        IEnumerable<(string File, long? Whole, double Value)> files =
            family.Whole?.Invoke(series).Select(static file => (file.Key, (long?)file.Value, (double)file.Value))
            ?? family.Real!(series).Select(static file => (file.Key, (long?)null, file.Value));
        foreach ((string file, long? whole, double value) in files)
        {
            int point = Begin(Nanoseconds(series.CountedSince), view, whole, value, source);
            WriteLabels(series.Labels);
            WriteAttribute(7, "file", file);
            _writer.End(point);
        }
    }

    private void WriteNode(OtlpSource source, NodeFamily family, Point node, View view, bool isDelta)
    {
        // Zero is OTLP's word for a start that is not known.
        ulong start = family.Since switch
        {
            CounterStart.Agent => _started,
            CounterStart.Boot => (ulong)(view.Snapshot.BootTime ?? 0) * 1_000_000_000,
            _ => 0,
        };
        double value = node.Value;
        if (isDelta)
        {
            string labels = string.Join(' ', node.Labels.Select(static label => $"{label.Key}={label.Value}"));
            if (_book.Take(family.Instrument, labels, value, family.Since == CounterStart.Agent ? start : null, At(view)) is not { } difference)
            {
                return;
            }

            (value, start) = difference;
        }

        int point = Begin(start, view, family.Unit == "s" ? null : (long)value, value, source);
        foreach (KeyValuePair<string, object?> label in node.Labels)
        {
            WriteAttribute(7, OtlpTable.AttributeOf(label.Key), (string)label.Value!);
        }

        _writer.End(point);
    }

    private void WriteHistogram(HistogramFamily family, View view, bool isDelta)
    {
        HistogramCounts counts = histograms[family];
        HistogramValues values = counts.Copy();
        ulong start = _started;
        if (isDelta)
        {
            (values, start) = _book.Take(family.Instrument, values, start, At(view));
        }

        int point = _writer.Begin(1);
        _writer.Fixed(2, start);
        _writer.Fixed(3, At(view));
        _writer.Fixed(4, (ulong)values.Buckets.Sum());
        _writer.Real(5, values.Sum);
        int buckets = _writer.Begin(6);
        foreach (long count in values.Buckets)
        {
            _writer.Fixed((ulong)count);
        }

        _writer.End(buckets);
        int bounds = _writer.Begin(7);
        foreach (double bound in counts.Bounds)
        {
            _writer.Fixed(BitConverter.DoubleToUInt64Bits(bound));
        }

        _writer.End(bounds);
        _writer.End(point);
    }

    private static ulong At(View view) => Nanoseconds(view.Snapshot.At);

    private int Begin(ulong start, View view, long? whole, double value, OtlpSource source)
    {
        int point = _writer.Begin(1);
        _writer.Fixed(2, start);
        _writer.Fixed(3, At(view));
        if (whole is { } bytes)
        {
            _writer.Fixed(6, (ulong)bytes);
        }
        else
        {
            _writer.Real(4, value);
        }

        if (source.Attribute is { } attribute)
        {
            WriteAttribute(7, attribute, source.Value!);
        }

        return point;
    }

    private void WriteLabels(SeriesLabels labels)
    {
        WriteAttribute(7, OtlpTable.AttributeOf("group"), labels.Group);
        WriteKnown("namespace", labels.Namespace);
        WriteKnown("pod", labels.Pod);
        WriteKnown("container", labels.Container);
        if (int.TryParse(labels.Pid, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            WriteAttribute(7, "process.pid", null, pid);
        }
        else
        {
            WriteKnown("pid", labels.Pid);
        }
    }

    private void WriteKnown(string label, string? value)
    {
        if (value is not null)
        {
            WriteAttribute(7, OtlpTable.AttributeOf(label), value);
        }
    }

    private void WriteAttribute(int field, string key, string? text, int number = 0)
    {
        int pair = _writer.Begin(field);
        _writer.Text(1, key);
        int value = _writer.Begin(2);
        if (text is null)
        {
            _writer.Number(3, number);
        }
        else
        {
            _writer.Text(1, text);
        }

        _writer.End(value);
        _writer.End(pair);
    }
}
