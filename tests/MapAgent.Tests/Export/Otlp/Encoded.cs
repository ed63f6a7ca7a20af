using System.Collections;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Export;
using MapAgent.Export.Otlp;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Export.Otlp;

/// <summary>An encoding over a page's snapshots, read back as a receiver reads it.</summary>
internal sealed class Encoded(Page page, params (string Name, string Value)[] environment)
{
    private readonly OtlpEncoding _encoding = new(Settings(environment), page.Exposition.Histograms, page.Clock.GetUtcNow());

    /// <summary>Settings that the environment must allow.</summary>
    public static OtlpSettings Settings(params (string Name, string Value)[] environment)
    {
        Hashtable variables = new(environment.ToDictionary(static pair => pair.Name, static pair => pair.Value));
        return OtlpSettings.Read(variables, "19256", static (variable, wrong) => Assert.Fail($"{variable} {wrong}"));
    }

    /// <summary>All requests of one export.</summary>
    public List<OtlpRequestText> Requests(Snapshot snapshot, bool accept = true)
    {
        List<OtlpRequestText> requests = [];
        for (int next = 0; next >= 0;)
        {
            next = _encoding.Write(new View(snapshot, snapshot.Timestamp, page.Clock) { Otlp = page.Exposition.Otlp }, next);
            requests.Add(new OtlpRequestText(_encoding.Request));
            if (accept)
            {
                _encoding.Accepted();
            }
        }

        return requests;
    }

    /// <summary>All points of one export.</summary>
    public OtlpPoint[] Points(Snapshot snapshot, bool accept = true) => [.. Requests(snapshot, accept).SelectMany(static request => request.Points)];
}

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
