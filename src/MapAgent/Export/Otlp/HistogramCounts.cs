using System;
using System.Collections.Generic;

namespace MapAgent.Export.Otlp;

/// <summary>A histogram's counts at one moment.</summary>
/// <param name="Buckets">One more than there are bounds; the last has all that is larger.</param>
/// <param name="Sum">Sum of all observations.</param>
internal sealed record HistogramValues(long[] Buckets, double Sum)
{
    /// <summary>What was observed since an earlier moment.</summary>
    public HistogramValues Since(HistogramValues earlier)
    {
        long[] buckets = new long[Buckets.Length];
        for (int i = 0; i < buckets.Length; i++)
        {
            buckets[i] = Buckets[i] - earlier.Buckets[i];
        }

        return new HistogramValues(buckets, Sum - earlier.Sum);
    }
}

/// <summary>Counts observations by size. Written by the sampler's thread, copied by the sender's.</summary>
internal sealed class HistogramCounts(IReadOnlyList<double> bounds)
{
    private readonly object _gate = new();
    private readonly double[] _bounds = [.. bounds];
    private readonly long[] _buckets = new long[bounds.Count + 1];
    private double _sum;

    /// <summary>Upper bounds, which belong to their buckets.</summary>
    public ReadOnlySpan<double> Bounds => _bounds;

    /// <summary>Counts one observation.</summary>
    public void Observe(double value)
    {
        int at = Array.BinarySearch(_bounds, value);
        lock (_gate)
        {
            _buckets[at < 0 ? ~at : at]++;
            _sum += value;
        }
    }

    /// <summary>The counts now.</summary>
    public HistogramValues Copy()
    {
        lock (_gate)
        {
            return new HistogramValues([.. _buckets], _sum);
        }
    }
}
