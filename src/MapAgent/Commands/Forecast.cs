using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>What the budget makes of what the rollups have cost: how old numbers may get, and who is read rarely.</summary>
internal static class Forecast
{
    /// <summary>One line per finding.</summary>
    /// <param name="everything">A pass that read all rollups.</param>
    /// <param name="judged">A pass over the same processes under the options in force.</param>
    /// <param name="options">The options in force.</param>
    public static IEnumerable<string> Lines(Snapshot everything, Snapshot judged, SamplingOptions options)
    {
        int measured = everything.Series.Sum(static series => series.Measured);
        double cost = everything.RollupCpuSeconds;
        yield return Text($"cost     {measured} rollups took {cost * 1000:F1} ms of CPU, the rest of the pass {(everything.PassCpuSeconds - cost) * 1000:F1} ms");
        if (options.CpuBudget <= 0)
        {
            yield return "budget   sampling.cpu_budget is 0: rollups are off, and the families made of them will be absent";
            yield break;
        }

        double round = cost / options.CpuBudget;
        // Refreshing starts at 80 % of max_age: what takes longer than the rest of it cannot be kept whole.
        double coverage = Math.Min(1, options.MaxAge.TotalSeconds * 0.8 / Math.Max(round, 1e-9));
        yield return Text($"budget   at {options.CpuBudget * 100:0.##} % of a CPU one round of all of them takes {round:F1} s at least; no number is older than {options.MaxAge.TotalSeconds:F0} s")
            + (judged.Giants.Count > 0 ? ", but for the processes below" : "");
        if (coverage < 1)
        {
            yield return Text($"missing  the budget covers about {coverage * 100:F0} % of the processes at any time: raise sampling.cpu_budget or sampling.max_age, or select fewer");
        }

        foreach (Giant giant in judged.Giants)
        {
            yield return Text($"rare     process {giant.Pid} ({giant.Group}): a read is expected to take {giant.PredictedSeconds * 1000:F0} ms, so it is read at most once in {giant.EverySeconds:F0} s");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
