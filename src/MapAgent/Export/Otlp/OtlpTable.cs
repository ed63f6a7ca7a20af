using System.Collections.Generic;
using System.Linq;

namespace MapAgent.Export.Otlp;

/// <summary>
/// The names of families in OTLP: those of OpenTelemetry's semantic conventions where there are any, else the instrument's.
/// docs/otlp.md is made from it.
/// </summary>
internal static class OtlpTable
{
    private const string FaultType = "system.paging.fault.type";

    // The conventions keep process.* for the process a point is about. Of the agent's own there must not be a second, with no group.
    private static readonly Dictionary<string, Convention> s_conventions = new()
    {
        ["mapagent.process.major_faults"] = new("process.paging.faults", "{fault}", FaultType, "major"),
        ["mapagent.process.minor_faults"] = new("process.paging.faults", "{fault}", FaultType, "minor"),
        ["mapagent.process.rss"] = new("process.memory.usage", "By", IsSum: true),
        ["mapagent.process.virtual"] = new("process.memory.virtual", "By", IsSum: true),
        ["mapagent.host.shmem"] = new("system.memory.linux.shared", "By", IsSum: true),
        ["mapagent.host.major_faults"] = new("system.paging.faults", "{fault}", FaultType, "major"),
        ["mapagent.host.minor_faults"] = new("system.paging.faults", "{fault}", FaultType, "minor"),
        ["process.cpu"] = new("mapagent.agent.cpu.time", "s"),
        ["process.resident_memory"] = new("mapagent.agent.memory.usage", "By"),
        ["process.virtual_memory"] = new("mapagent.agent.memory.virtual", "By"),
        ["process.open_fds"] = new("mapagent.agent.open_file_descriptors", "1"),
        ["process.start_time"] = new("mapagent.agent.start_time", "s"),
    };

    private static readonly Dictionary<string, string> s_attributes = new()
    {
        ["namespace"] = "k8s.namespace.name",
        ["pod"] = "k8s.pod.name",
        ["container"] = "k8s.container.name",
    };

    /// <summary>All metrics, each once, in the order of the table.</summary>
    public static IReadOnlyList<OtlpMetric> All { get; } =
        [.. MetricTable.All.GroupBy(static family => ConventionOf(family).Name).Select(static families =>
        {
            Convention first = ConventionOf(families.First());
            return new OtlpMetric(first.Name, first.Unit, first.IsSum,
                [.. families.Select(static family => new OtlpSource(family, ConventionOf(family).Attribute, ConventionOf(family).Value))]);
        })];

    /// <summary>The name of a label as an attribute; that of <c>pid</c> depends on its value.</summary>
    public static string AttributeOf(string label) => s_attributes.GetValueOrDefault(label, label);

    private static Convention ConventionOf(Family family) =>
        s_conventions.TryGetValue(family.Instrument, out Convention? known) ? known : new Convention(family.Instrument, family.Unit.Length > 0 ? family.Unit : "1");

    private sealed record Convention(string Name, string Unit, string? Attribute = null, string? Value = null, bool IsSum = false);
}
