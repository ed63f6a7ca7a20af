using System.Linq;
using System.Text;
using MapAgent.Export;
using Xunit;

namespace MapAgent.Tests.Docs;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void The_metric_table_in_the_documentation_is_the_table_in_the_code() => Golden.Compare("docs/metrics.md", Render());

    [Fact]
    public void Family_names_are_unique_and_follow_the_conventions()
    {
        string[] names = [.. MetricTable.All.Select(static family => family.Name)];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches("^(mapagent|process)_[a-z_]+$", name));
        Assert.All(MetricTable.All, static family => Assert.EndsWith(".", family.Help));
        Assert.All(MetricTable.All, static family => Assert.DoesNotContain("type", family.Labels));
        Assert.All(MetricTable.All, static family => Assert.Equal(family.Kind == InstrumentKind.Counter, family.Name.EndsWith("_total", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void No_family_is_left_out() =>
        Assert.All(MetricTable.All, static family => Assert.Contains($"| `{family.Name}` |", Render(), System.StringComparison.Ordinal));

    private static string Render()
    {
        StringBuilder text = new();
        text.Append("""
            # Metric families

            Made from the table in `src/MapAgent/Export`; a test compares them. A family whose value is unknown has no series: absent is
            not zero.

            ## Of processes

            Every family here carries `group`; `pid` with `per_process`; `namespace`, `pod` and `container` where they are known. The last
            column is how many series each group has.


            """);
        SeriesFamily[] ofAll = [.. ProcessFamilies.All.Except(MappingFamilies.All)];
        Table(text, [.. ofAll], static family => $"{((SeriesFamily)family).Parts.Length}");
        int perGroup = ofAll.Sum(static family => family.Parts.Length);
        text.Append($"\nAt most {perGroup} series for each group; a node with 100 groups has {100 * perGroup} of them.\n");
        text.Append("\n## Of groups whose mappings are read\n\nThese are groups with `mappings: true`, or without any rules the ten largest.\n\n");
        Table(text, [.. MappingFamilies.All], static family => $"{((SeriesFamily)family).Parts.Length}");
        text.Append('\n');
        Table(text, MappingFamilies.Files, static _ => "");
        text.Append("\n## Of shm mounts\n\nEvery family here carries `namespace`, `pod` and `container` too, where they are known. What they mean in full:\n");
        text.Append("[shared-memory.md](shared-memory.md).\n\n");
        Table(text, [.. ShmFamilies.Mounts], static _ => "");
        text.Append("\n## Of containers\n\nFrom the memory cgroups of containers, where a cgroup filesystem is mounted for the agent (`--path.cgroupfs`). Every family here\n");
        text.Append("carries `namespace` and `pod` too, where they are known. For one read longer ago than `sampling.max_age` there is no series.\n\n");
        Table(text, [.. ContainerFamilies.All], static _ => "");
        text.Append("\n## Of names of pods and containers\n\nSources and outcomes: [identity.md](identity.md).\n\n");
        Table(text, [.. IdentityFamilies.All], static _ => "");
        text.Append("\n## Of the node and the agent\n\n");
        Table(text, [.. ShmFamilies.Node, .. NodeFamilies.All, NodeFamilies.PassDuration, NodeFamilies.RollupRead], static _ => "");
        return text.ToString();
    }

    private static void Table(StringBuilder text, Family[] families, System.Func<Family, string> series)
    {
        bool counted = series(families[0]).Length > 0;
        text.Append(counted ? "| family | type | more labels | meaning | series |\n|---|---|---|---|---|\n" : "| family | type | labels | meaning |\n|---|---|---|---|\n");
        foreach (Family family in families)
        {
            string labels = string.Join(", ", family.Labels.Select(label => $"`{label}`{Values(family, label)}"));
            text.Append($"| `{family.Name}` | {family.Kind.ToString().ToLowerInvariant()} | {labels} | {family.Help} |{(counted ? $" {series(family)} |" : "")}\n");
        }
    }

    private static string Values(Family family, string label) => family is SeriesFamily series
        ? " = " + string.Join(", ", series.Parts.Select(part => (string)part.Labels.First(pair => pair.Key == label).Value!).Distinct())
        : "";
}
