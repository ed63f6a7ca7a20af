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
    private const ulong Hour = 3_600_000_000_000;
    private readonly ConditionalWeakTable<SeriesLabels, Dictionary<string, Mark>> _ofSeries = [];
    private readonly Dictionary<string, Dictionary<string, Mark>> _ofNode = [];
    private readonly Dictionary<string, (HistogramValues Values, ulong At)> _histograms = [];
    private readonly List<(Mark Mark, double Value, ulong At)> _pending = [];
    private readonly List<(string Key, HistogramValues Values, ulong At)> _pendingHistograms = [];

    /// <summary>The difference to what was told before of a group's counter.</summary>
    /// <param name="series">Whose it is.</param>
    /// <param name="counter">Names it among those of its owner.</param>
    /// <param name="value">What it has counted since <paramref name="start"/>.</param>
    /// <param name="start">When it began.</param>
    /// <param name="at">When it was read.</param>
    /// <returns>The difference and since when; null when there is none to tell.</returns>
    public (double Value, ulong Start)? Take(SeriesLabels series, string counter, double value, ulong start, ulong at) =>
        Take(_ofSeries.GetOrCreateValue(series), counter, value, start, at);

    /// <summary>The same for one of the node or of the agent.</summary>
    /// <param name="counter">Its name.</param>
    /// <param name="labels">Tell those of one name apart.</param>
    /// <param name="value">What it has counted.</param>
    /// <param name="start">When it began; null when that was before anybody was told: the first look only sets the mark.</param>
    /// <param name="at">When it was read.</param>
    /// <returns>The difference and since when; null when there is none to tell.</returns>
    public (double Value, ulong Start)? Take(string counter, string labels, double value, ulong? start, ulong at)
    {
        if (!_ofNode.TryGetValue(counter, out Dictionary<string, Mark>? book))
        {
            _ofNode.Add(counter, book = []);
        }

        return Take(book, labels, value, start, at);
    }

    /// <summary>The same for a histogram, which begins with the agent.</summary>
    public (HistogramValues Values, ulong Start) Take(string key, HistogramValues values, ulong start, ulong at)
    {
        _pendingHistograms.Add((key, values, at));
        return _histograms.TryGetValue(key, out (HistogramValues Values, ulong At) last) ? (values.Since(last.Values), ulong.Min(last.At, at)) : (values, start);
    }

    /// <summary>
    /// Drops what has not been there for an hour. Only for counters whose start is not known, and after all of them were taken: one that
    /// comes back is then looked at for the first time.
    /// </summary>
    public void Sweep(string counter, ulong at)
    {
        if (!_ofNode.TryGetValue(counter, out Dictionary<string, Mark>? book))
        {
            return;
        }

        foreach (KeyValuePair<string, Mark> entry in book)
        {
            // The clock may have been set back: then the hour begins now.
            entry.Value.Seen = ulong.Min(entry.Value.Seen, at);
            if (at - entry.Value.Seen > Hour)
            {
                book.Remove(entry.Key);
            }
        }
    }

    /// <summary>The receiver took all since the last call.</summary>
    public void Commit()
    {
        foreach ((Mark mark, double value, ulong at) in _pending)
        {
            (mark.Value, mark.At, mark.IsTold) = (value, at, true);
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

    private (double Value, ulong Start)? Take(Dictionary<string, Mark> book, string key, double value, ulong? start, ulong at)
    {
        if (!book.TryGetValue(key, out Mark? last))
        {
            book.Add(key, last = new Mark());
        }

        last.Seen = at;
        // No time has passed where the clock was set back. What was counted meanwhile is told with the next difference.
        bool isPaused = last.IsTold && value >= last.Value && at <= last.At;
        _pending.Add((last, isPaused ? last.Value : value, at));
        if (!last.IsTold)
        {
            return start is { } began ? (value, began) : null;
        }

        // A kernel's counter that fell began anew; nobody knows when.
        return isPaused || value < last.Value ? null : (value - last.Value, last.At);
    }

    private sealed class Mark
    {
        public double Value;
        public ulong At;
        public ulong Seen;
        public bool IsTold;
    }
}
