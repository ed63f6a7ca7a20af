using System.Collections.Generic;
using MapAgent.Procfs;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>Adds each process of a pass to its series, and closes its books.</summary>
internal sealed class Summing(GroupTable groups, RollupReading rollups, SystemFacts system)
{
    /// <summary>Processes of the last pass, kernel threads left out.</summary>
    public int Processes { get; private set; }

    /// <summary>Of them, those that are in no group.</summary>
    public int Unmatched { get; private set; }

    /// <summary>Sums up.</summary>
    /// <param name="processes">All of the pass.</param>
    /// <param name="giants">Takes those that are read rarely.</param>
    /// <param name="node">What the node counted since the pass before; null in the first.</param>
    /// <param name="setup">What the pass obeys.</param>
    public SeriesSnapshot[] Go(IReadOnlyCollection<ProcessRecord> processes, List<Giant> giants, FaultEvidence? node, PassSetup setup)
    {
        IReadOnlyList<Series> live = groups.Live();
        for (int i = 0; i < live.Count; i++)
        {
            live[i].Clear();
        }

        Processes = 0;
        Unmatched = 0;
        long demand = 0;
        foreach (ProcessRecord process in processes)
        {
            if (process.Series is not null)
            {
                rollups.Close(process, giants);
                process.Series.Add(process);
                demand += process.Rule?.Options.Rollup == RollupPolicy.Budget ? process.Turn.Cpu : 0;
            }

            Processes += process.IsKernelThread ? 0 : 1;
            Unmatched += process.IsKernelThread || process.Series is not null ? 0 : 1;
        }

        rollups.Expect(demand);
        SeriesSnapshot[] series = new SeriesSnapshot[live.Count];
        for (int i = 0; i < series.Length; i++)
        {
            series[i] = live[i].Snapshot(system, node, setup);
        }

        return series;
    }
}
