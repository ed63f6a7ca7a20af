using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Identity;

/// <summary>A container of a pod whose name is asked for.</summary>
/// <param name="Pid">One of its processes.</param>
/// <param name="ContainerId">Its id.</param>
/// <param name="PodUid">Its pod.</param>
internal readonly record struct UnnamedContainer(int Pid, string ContainerId, string PodUid)
{
    /// <summary>Looks at all processes once, for the commands that measure once and for the start: containers of pods, each once.</summary>
    public static List<UnnamedContainer> Survey(ProcReader reader)
    {
        PidList pids = new();
        List<UnnamedContainer> found = [];
        HashSet<string> seen = [];
        if (reader.Ledger.Record(ProcFile.Root, reader.List(pids)) != ReadOutcome.Ok)
        {
            return found;
        }

        CgroupCache cache = new();
        foreach (int pid in pids.Pids)
        {
            if (reader.Ledger.Record(ProcFile.Cgroup, reader.Read(pid, ProcFile.Cgroup, out System.ReadOnlySpan<byte> text)) == ReadOutcome.Ok
                && cache.Of(text, KnownNames.None, 0).Identity.Cgroup is { PodUid: { } uid, ContainerId: { } id } && seen.Add(id))
            {
                found.Add(new UnnamedContainer(pid, id, uid));
            }
        }

        return found;
    }
}
