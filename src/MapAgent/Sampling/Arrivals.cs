using System.Collections.Generic;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>Processes that were matched in this pass and wait for their place, until those that ended have made room.</summary>
internal sealed class Arrivals(GroupTable groups, RollupReading rollups)
{
    private readonly List<(ProcessRecord Process, Rule? Rule, string? Group)> _waiting = [];

    /// <summary>Notes the answer of the rules.</summary>
    /// <param name="process">Who was matched.</param>
    /// <param name="rule">The rule that matched; null for none.</param>
    /// <param name="group">The name that it gave.</param>
    public void Add(ProcessRecord process, Rule? rule, string? group) => _waiting.Add((process, rule, group));

    /// <summary>Gives each its place.</summary>
    /// <param name="processes">All of the pass, those that ended left out.</param>
    /// <param name="children">Whether an unmatched process joins the group of its nearest matched ancestor.</param>
    public void Place(Dictionary<int, ProcessRecord> processes, bool children)
    {
        foreach ((ProcessRecord process, Rule? rule, string? group) in _waiting)
        {
            if (rule is null)
            {
                groups.Leave(process);
            }
            else
            {
                groups.Move(process, rule, group!);
            }
        }

        // Without arrivals nobody's ancestors have changed their group.
        if (_waiting.Count > 0 && children)
        {
            PlaceChildren(processes);
        }

        _waiting.Clear();
    }

    private void PlaceChildren(Dictionary<int, ProcessRecord> processes)
    {
        foreach (ProcessRecord process in processes.Values)
        {
            if (process.Series is null && !process.IsKernelThread && Ancestry.NearestMatched(process, processes) is { } ancestor)
            {
                groups.Join(process, ancestor.Rule!, ancestor.Series!.Labels.Group);
                rollups.Consider(process);
            }
        }
    }
}
