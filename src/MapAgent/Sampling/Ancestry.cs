using System.Collections.Generic;

namespace MapAgent.Sampling;

/// <summary>Who descends from whom.</summary>
internal static class Ancestry
{
    // A pid reused during the pass can close the chain to a ring; no real chain is so long.
    private const int Longest = 1024;

    /// <summary>The nearest ancestor that is in a group; null when there is none.</summary>
    public static ProcessRecord? NearestMatched(ProcessRecord process, Dictionary<int, ProcessRecord> processes)
    {
        int parent = process.ParentPid;
        for (int steps = 0; steps < Longest && parent > 0 && processes.TryGetValue(parent, out ProcessRecord? ancestor); steps++)
        {
            if (ancestor.Series is not null)
            {
                return ancestor;
            }

            parent = ancestor.ParentPid;
        }

        return null;
    }
}
