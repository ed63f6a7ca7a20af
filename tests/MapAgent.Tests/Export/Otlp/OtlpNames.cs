using System.Collections.Generic;
using System.Linq;
using MapAgent.Export;
using MapAgent.Export.Otlp;

namespace MapAgent.Tests.Export.Otlp;

/// <summary>What a page's sample is called in OTLP.</summary>
internal static class OtlpNames
{
    /// <summary>Metric and attributes of a sample of a family.</summary>
    public static string KeyOf(Family family, IReadOnlyDictionary<string, string> labels)
    {
        OtlpMetric metric = OtlpTable.All.Single(one => one.Sources.Any(source => source.Family == family));
        OtlpSource source = metric.Sources.Single(one => one.Family == family);
        OtlpPoint point = new(metric.Name, metric.Unit, "", 0, false);
        foreach ((string label, string value) in labels)
        {
            string name = label == "pid" && value != "other" ? "process.pid" : OtlpTable.AttributeOf(label);
            point.Attributes.Add(name, value);
        }

        if (source.Attribute is { } attribute)
        {
            point.Attributes.Add(attribute, source.Value!);
        }

        return point.Key;
    }
}
