using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>
/// Watches the page cache of the files of groups that fault on disk much. A disk that hangs holds whoever opens a file on it, so
/// each round runs on a thread of its own, one at a time; its answers are in the pass after it.
/// </summary>
/// <param name="root">Each round has a reader of its own.</param>
/// <param name="facts">Tell the size of a page.</param>
/// <param name="truncations">Counts what is not asked for.</param>
internal sealed class StormFiles(ProcRoot root, SystemFacts facts, Truncations truncations)
{
    /// <summary>The most files of all storms together.</summary>
    public const int MostFiles = 256;

    private readonly Dictionary<SeriesLabels, HashSet<string>> _wanted = [];
    private CacheRound? _running;
    private CacheRound? _done;

    /// <summary>Takes over what the last round has found.</summary>
    /// <param name="ledger">Counts how its questions ended.</param>
    /// <param name="rollups">Keeps the books of the budget.</param>
    public void Collect(ReadLedger ledger, RollupReading rollups)
    {
        if (Interlocked.Exchange(ref _done, null) is not { } round)
        {
            return;
        }

        _running = null;
        rollups.Spend(round.CpuNanoseconds);
        foreach (ReadOutcome outcome in round.Outcomes)
        {
            ledger.Record(ProcFile.CacheStat, outcome);
        }

        foreach (IGrouping<Series, CachedFile> answer in round.Answers)
        {
            answer.Key.Caches = [.. answer];
        }
    }

    /// <summary>Begins a round when there is a storm, and the budget is not spent.</summary>
    /// <param name="processes">All of the pass.</param>
    /// <param name="series">What the pass has found; only files that have a series are asked for.</param>
    /// <param name="setup">Says how long a label may be.</param>
    /// <param name="rollups">Keeps the books of the budget.</param>
    public void Go(IReadOnlyCollection<ProcessRecord> processes, IReadOnlyList<SeriesSnapshot> series, PassSetup setup, RollupReading rollups)
    {
        _wanted.Clear();
        foreach (SeriesSnapshot one in series)
        {
            if (one is { Cause: not null, Anatomy: { } anatomy })
            {
                _wanted[one.Labels] = [.. anatomy.Files.Select(static file => file.Key)];
            }
        }

        if (_wanted.Count == 0 || rollups.OtherShare <= 0)
        {
            return;
        }

        List<CacheQuestion> questions = Questions(processes, setup.Limits.LabelLength);
        if (_running is not null)
        {
            truncations.Record(Truncation.FileCache, questions.Count);
        }
        else if (questions.Count > 0)
        {
            Start(questions);
        }
    }

    private List<CacheQuestion> Questions(IReadOnlyCollection<ProcessRecord> processes, int labelLength)
    {
        List<CacheQuestion> questions = [];
        foreach (ProcessRecord process in processes)
        {
            if (process.Series is not { } series || process.Deep.Anatomy is not { } anatomy
                || !_wanted.TryGetValue(series.Labels, out HashSet<string>? wanted))
            {
                continue;
            }

            foreach (ref readonly MappedFile file in anatomy.Files)
            {
                string label = Series.FileLabel(file.Path, labelLength);
                // Taken out, because one member is enough.
                if (file.IsDeleted || !wanted.Remove(label))
                {
                    continue;
                }

                if (questions.Count == MostFiles)
                {
                    truncations.Record(Truncation.FileCache);
                }
                else
                {
                    questions.Add(new CacheQuestion(series, process.Id, file, label));
                }
            }
        }

        return questions;
    }

    private void Start(List<CacheQuestion> questions)
    {
        CacheRound round = new(questions);
        _running = round;
        Thread thread = new(() =>
        {
            Run(round);
            Volatile.Write(ref _done, round);
        })
        { IsBackground = true, Name = "file cache" };
        thread.Start();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A defect in a round must not end the agent; it is counted as a read that failed.")]
    private void Run(CacheRound round)
    {
        try
        {
            using ProcReader reader = new(root);
            round.Run(reader, facts.PageSize);
        }
        catch (Exception)
        {
            round.Outcomes.Add(ReadOutcome.Failed);
        }
    }
}
