using System.Linq;
using MapAgent.Export;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class MetricTableTests
{
    [Fact]
    public void Names_are_valid_and_each_stands_once()
    {
        string[] names = [.. MetricTable.All.Select(static family => family.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches("^(mapagent|process)_[a-z0-9_]+$", name));
    }

    [Fact]
    public void Names_end_as_their_kind_and_unit_ask() =>
        Assert.All(MetricTable.All, static family =>
        {
            Assert.Equal(family.Kind == InstrumentKind.Counter, family.Name.EndsWith("_total"));
            string bare = family.Kind == InstrumentKind.Counter ? family.Name[..^6] : family.Name;
            Assert.Equal(family.Unit == "By", bare.EndsWith("_bytes"));
            Assert.Equal(family.Unit == "s", bare.EndsWith("_seconds"));
        });

    [Fact]
    public void Every_help_is_a_sentence_on_one_line() =>
        Assert.All(MetricTable.All, static family => Assert.Matches("^[A-Z0-9][^\n\\\\]+[.0-9]$", family.Help));

    [Fact]
    public void No_label_is_called_type_or_takes_a_name_that_Prometheus_keeps()
    {
        string[] kept = ["type", "job", "instance", "le", "quantile", "group", "pid", "namespace", "pod", "container"];
        Assert.All(MetricTable.All, family => Assert.Empty(family.Labels.Intersect(kept)));
    }

    [Fact]
    public void All_parts_of_a_family_have_its_labels_and_tell_each_other_apart() =>
        Assert.All(ProcessFamilies.All, static family =>
        {
            Assert.All(family.Parts, part => Assert.Equal(family.Labels, part.Labels.Select(static label => label.Key)));
            string[] values = [.. family.Parts.Select(static part => string.Join(',', part.Labels.Select(static label => label.Value)))];
            Assert.Equal(values.Length, values.Distinct().Count());
        });
}
