using System;
using System.IO;
using System.Linq;
using System.Text;
using MapAgent.Export.Otlp;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Docs;

public sealed class OtlpDocumentTests
{
    private const string Begin = "<!-- table -->\n";
    private const string End = "<!-- /table -->";

    [Fact]
    public void The_table_of_names_in_the_documentation_is_the_table_in_the_code()
    {
        string text = File.ReadAllText(RepositoryRoot.File("docs/otlp.md"));
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Golden.Compare("docs/otlp.md", text[..begin] + Render() + text[text.IndexOf(End, StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Names_are_dotted_and_each_stands_once()
    {
        string[] names = [.. OtlpTable.All.Select(static metric => metric.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches(@"^(mapagent|process|system)(\.[a-z_]+)+$", name));
        Assert.All(OtlpTable.All, static metric =>
        {
            Assert.Single(metric.Sources.Select(static source => source.Family.Kind).Distinct());
            Assert.Equal(metric.Sources.Count, metric.Sources.Select(static source => source.Value).Distinct().Count());
        });
    }

    private static string Render()
    {
        StringBuilder text = new("| in OTLP | kind | unit | in /metrics |\n|---|---|---|---|\n");
        foreach (OtlpMetric metric in OtlpTable.All)
        {
            string kind = metric.IsSum ? "up-down counter" : metric.Kind.ToString().ToLowerInvariant();
            foreach (OtlpSource source in metric.Sources)
            {
                string attribute = source.Attribute is null ? "" : $" with `{source.Attribute}={source.Value}`";
                text.Append($"| `{metric.Name}`{attribute} | {kind} | `{metric.Unit}` | `{source.Family.Name}` |\n");
            }
        }

        return text.ToString();
    }
}
