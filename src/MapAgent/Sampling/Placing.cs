using System.Collections.Generic;
using MapAgent.Selection;

namespace MapAgent.Sampling;

/// <summary>Gives the newcomers of a pass their places, and unmatched children that of an ancestor.</summary>
internal sealed class Placing(GroupTable groups, Dictionary<int, ProcessRecord> processes, RollupReading rollups)
{
    private readonly List<Arrival> _arrivals = [];

    /// <summary>Takes a process that was matched in this pass.</summary>
    /// <param name="process">The process.</param>
    /// <param name="match">The answer of the rules; null when none matched.</param>
    public void Add(ProcessRecord process, (Rule Rule, string Group)? match) => _arrivals.Add(new Arrival(process, match?.Rule, match?.Group));

    /// <summary>Places them all. After the sweep, so that places of processes that ended are free again.</summary>
    /// <param name="children">Whether unmatched children join their ancestors.</param>
    public void Go(bool children)
    {
        foreach (Arrival arrival in _arrivals)
        {
            if (arrival.Rule is null)
            {
                groups.Leave(arrival.Process);
            }
            else
            {
                groups.Move(arrival.Process, arrival.Rule, arrival.Group!);
            }
        }

        // Without arrivals nobody's ancestors have changed their group.
        if (_arrivals.Count > 0 && children)
        {
            PlaceChildren();
        }

        _arrivals.Clear();
    }

    /// <summary>Sees to it that whom a limit has left no place is matched again in the next pass, once there is one.</summary>
    public void CallBack()
    {
        CallBack(Crowding.Groups);
        CallBack(Crowding.Processes);
    }

    private void CallBack(Crowding crowding)
    {
        int room = groups.HasCrowdedOut(crowding) ? groups.RoomFor(crowding) : 0;
        foreach (ProcessRecord process in processes.Values)
        {
            if (room <= 0)
            {
                return;
            }

            if (process.CrowdedOut == crowding && process.Series is not null)
            {
                process.MatchedBy = null;
                room--;
            }
        }
    }

    private void PlaceChildren()
    {
        foreach (ProcessRecord process in processes.Values)
        {
            if (process is { Series: null, IsKernelThread: false, IsHeld: false } && Ancestry.NearestMatched(process, processes) is { } ancestor)
            {
                groups.Join(process, ancestor.Rule!, ancestor.Series!.Labels.Group);
                rollups.Consider(process);
            }
        }
    }

    private readonly record struct Arrival(ProcessRecord Process, Rule? Rule, string? Group);
}
