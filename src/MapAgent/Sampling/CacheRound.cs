using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>One file that a round asks for: of which series, through which process.</summary>
internal readonly record struct CacheQuestion(Series Series, ProcessId Process, MappedFile File, string Label);

/// <summary>Asks for the page cache of the files of all storms of a pass, once.</summary>
/// <param name="questions">What is asked for; questions of one process follow one another.</param>
internal sealed class CacheRound(IReadOnlyList<CacheQuestion> questions)
{
    private readonly List<(Series Series, CachedFile File)> _answers = [];

    /// <summary>CPU nanoseconds that it took.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>How the questions to the kernel ended.</summary>
    public List<ReadOutcome> Outcomes { get; } = [];

    /// <summary>What was answered, by series.</summary>
    public IEnumerable<IGrouping<Series, CachedFile>> Answers => _answers.GroupBy(static answer => answer.Series, static answer => answer.File);

    /// <summary>Asks.</summary>
    /// <param name="reader">A reader of this thread.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    public void Run(ProcReader reader, long pageSize)
    {
        long from = ThreadClock.Nanoseconds();
        FileCacheReading reading = new(reader);
        foreach (IGrouping<ProcessId, CacheQuestion> process in questions.GroupBy(static question => question.Process))
        {
            if (reader.Open(process.Key.Pid, out ProcessDirectory directory) != ReadOutcome.Ok)
            {
                continue;
            }

            using (directory)
            {
                // The pid may be another's by now; through this directory it no longer can be.
                if (reader.ReadStat(directory, out Stat stat) == ReadOutcome.Ok && stat.StartTicks == process.Key.StartTicks && reading.Begin(directory))
                {
                    Ask(reading, directory, process, pageSize);
                }
            }
        }

        foreach (ReadOutcome outcome in Enum.GetValues<ReadOutcome>())
        {
            Outcomes.AddRange(Enumerable.Repeat(outcome, (int)reader.Ledger.Reads(ProcFile.CacheStat, outcome)));
        }

        CpuNanoseconds = ThreadClock.Nanoseconds() - from;
    }

    private void Ask(FileCacheReading reading, in ProcessDirectory directory, IEnumerable<CacheQuestion> files, long pageSize)
    {
        foreach (CacheQuestion question in files)
        {
            if (reading.Look(directory, question.File) is { } cache)
            {
                _answers.Add((question.Series, new CachedFile(question.Label, cache.CachedRatio(pageSize), cache.RecentlyEvicted * pageSize)));
            }
        }
    }
}
