using System.Collections.Generic;
using System.Runtime.CompilerServices;
using MapAgent.Sampling;

namespace MapAgent.Export.Otlp;

/// <summary>
/// What a receiver was last told of each counter, for differences. Only what was accepted is booked, so that the next
/// difference makes up for one that was lost. A group's entries live as long as the sampler remembers the group: one that
/// comes back within the hour goes on where it was.
/// </summary>
internal sealed class DeltaBook
{
    private readonly ConditionalWeakTable<SeriesLabels, Dictionary<string, (double Value, ulong At)>> _ofSeries = [];
    private readonly Dictionary<string, (double Value, ulong At)> _ofNode = [];
    private readonly Dictionary<string, (HistogramValues Values, ulong At)> _histograms = [];
    private readonly List<(Dictionary<string, (double Value, ulong At)> Book, string Key, double Value, ulong At)> _pending = [];
    private readonly List<(string Key, HistogramValues Values, ulong At)> _pendingHistograms = [];

    /// <summary>The difference to what was told before.</summary>
    /// <param name="series">Whose counter it is; null for the node's and the agent's.</param>
    /// <param name="key">Names the counter among those of its owner.</param>
    /// <param name="value">What it has counted since <paramref name="start"/>.</param>
    /// <param name="start">When it began.</param>
    /// <param name="at">When it was read.</param>
    /// <param name="isOlder">True for counters that began before anybody was told: the first look only sets the mark.</param>
    /// <returns>The difference and since when; null when there is none to tell.</returns>
    public (double Value, ulong Start)? Take(SeriesLabels? series, string key, double value, ulong start, ulong at, bool isOlder)
    {
        Dictionary<string, (double Value, ulong At)> book = series is null ? _ofNode : _ofSeries.GetOrCreateValue(series);
        _pending.Add((book, key, value, at));
        if (!book.TryGetValue(key, out (double Value, ulong At) last))
        {
            return isOlder ? null : (value, start);
        }

        // A kernel's counter that fell began anew; nobody knows when.
        return value < last.Value || at <= last.At ? null : (value - last.Value, last.At);
    }

    /// <summary>The same for a histogram, which begins with the agent.</summary>
    public (HistogramValues Values, ulong Start) Take(string key, HistogramValues values, ulong start, ulong at)
    {
        _pendingHistograms.Add((key, values, at));
        return _histograms.TryGetValue(key, out (HistogramValues Values, ulong At) last) ? (values.Since(last.Values), last.At) : (values, start);
    }

    /// <summary>The receiver took all since the last call.</summary>
    public void Commit()
    {
        foreach ((Dictionary<string, (double Value, ulong At)> book, string key, double value, ulong at) in _pending)
        {
            book[key] = (value, at);
        }

        foreach ((string key, HistogramValues values, ulong at) in _pendingHistograms)
        {
            _histograms[key] = (values, at);
        }

        Forget();
    }

    /// <summary>The receiver took nothing of it.</summary>
    public void Forget()
    {
        _pending.Clear();
        _pendingHistograms.Clear();
    }
}
