using MapAgent.Procfs;

namespace MapAgent.Host;

/// <summary>
/// Reads the agent's own numbers from <c>self</c> below the root, so that a host's /proc mounted in a container works and a
/// captured tree, which has no <c>self</c>, gives none.
/// </summary>
internal static class AgentReading
{
    /// <summary>Reads stat and statm and counts the descriptors.</summary>
    public static AgentValues Read(ProcReader reader, SystemFacts facts)
    {
        if (reader.OpenSelf(out ProcessDirectory self) != ReadOutcome.Ok)
        {
            return new AgentValues();
        }

        using (self)
        {
            bool known = reader.ReadStat(self, out Stat stat) == ReadOutcome.Ok;
            double? cpu = known ? stat.CpuTicks / (double)facts.TicksPerSecond : null;
            double? start = known ? facts.StartTime(stat.StartTicks) : null;
            ReadOutcome outcome = reader.ReadStatm(self, out Statm statm);
            return new AgentValues
            {
                CpuSeconds = cpu,
                StartTime = start,
                ResidentBytes = outcome == ReadOutcome.Ok ? (long)statm.ResidentPages * facts.PageSize : null,
                VirtualBytes = outcome == ReadOutcome.Ok ? (long)statm.SizePages * facts.PageSize : null,
                OpenDescriptors = reader.CountDescriptors(self),
            };
        }
    }
}
