using System.Collections;
using System.Collections.Generic;
using System.Linq;
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
            next = _encoding.Write(page.Exposition.ViewOf(snapshot, snapshot.Timestamp), next);
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
