using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Shm;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Shm;

public sealed class SegmentFamiliesTests
{
    [Theory]
    [InlineData("PostgreSQL.1234567", "PostgreSQL.*", false)]
    [InlineData("postgresql.1", "other", false)]
    [InlineData("torch_123_456_0", "torch_*", false)]
    [InlineData("psm_4f2a", "psm_*", false)]
    [InlineData("sem.mp-abc", "sem.*", true)]
    [InlineData("libpod_lock", "libpod_lock*", true)]
    [InlineData("aeron-root/cnc.dat", "aeron-*", false)]
    [InlineData(".org.chromium.Chromium.Xy", ".org.chromium.*", false)]
    [InlineData("my file", "other", false)]
    [InlineData("", "other", false)]
    public void A_name_is_of_the_first_family_whose_pattern_fits(string name, string family, bool idle)
    {
        SegmentFamily found = new SegmentFamilies([]).Of(name);
        Assert.Equal((family, idle), (found.Pattern, found.IsIdleByDesign));
    }

    [Fact]
    public void Patterns_of_the_configuration_come_before_those_of_the_agent()
    {
        SegmentFamilies families = new(["torch_1*", "my?pp"]);
        Assert.Equal("torch_1*", families.Of("torch_123").Pattern);
        Assert.Equal("torch_*", families.Of("torch_9").Pattern);
        Assert.Equal("my?pp", families.Of("myapp").Pattern);
        Assert.Equal("other", families.Of("myaapp").Pattern);
    }

    [Fact]
    public void Every_shipped_family_is_documented_and_nothing_else_is()
    {
        string text = File.ReadAllText(RepositoryRoot.File("docs/shared-memory.md"));
        string table = Regex.Match(text, "## Families\n(.*?)\n## ", RegexOptions.Singleline).Groups[1].Value;
        string[] documented = [.. Regex.Matches(table, @"^\| (`[^|]*`) \|", RegexOptions.Multiline)
            .SelectMany(static row => Regex.Matches(row.Groups[1].Value, "`([^`]+)`").Select(static pattern => pattern.Groups[1].Value))];

        Assert.Equal(new SegmentFamilies([]).All.Select(static family => family.Pattern).Order(), documented.Order());
    }
}
