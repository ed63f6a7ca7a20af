using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class ExpositionTests
{
    public static TheoryData<string> Formats => ["Text", "OpenMetrics"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_family_of_the_table_appears_by_its_name_with_help_and_type(string format)
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.MeasureFull(), Enum.Parse<ExpositionFormat>(format));
        foreach (Family family in MetricTable.All)
        {
            // OpenMetrics names a counter without the suffix of its samples.
            bool short_ = format == "OpenMetrics" && family.Kind == InstrumentKind.Counter;
            string name = short_ ? family.Name[..^"_total".Length] : family.Name;
            Assert.Equal(family.Kind.ToString().ToUpperInvariant(), text.Type[name].ToUpperInvariant());
            Assert.Equal(family.Help.Replace("\\", @"\\", StringComparison.Ordinal), text.Help[name]);
            string sample = family.Kind == InstrumentKind.Histogram ? family.Name + "_bucket" : family.Name;
            Assert.NotEmpty(text.Named(sample));
            Assert.All(text.Named(sample), one => Assert.True(family.Labels.All(one.Labels.ContainsKey), one.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Nothing_appears_that_the_table_does_not_have(string format)
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.MeasureFull(), Enum.Parse<ExpositionFormat>(format));
        string[] names = [.. MetricTable.All.SelectMany(static family => family.Kind == InstrumentKind.Histogram
            ? (string[])[family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"]
            : [family.Name])];
        Assert.Empty(text.Samples.Select(static sample => sample.Name).Except(names));
        Assert.Equal(MetricTable.All.Count, text.Type.Count);
        Assert.DoesNotContain(text.Lines, static line => line.Contains("otel_") || line.Contains("_created") || line.Contains("target_info"));
        string[] series = [.. text.Samples.Select(static sample => $"{sample.Name}{string.Join(',', sample.Labels)}")];
        Assert.Equal(series.Length, series.Distinct().Count());
    }

    [Fact]
    public async Task OpenMetrics_ends_with_its_only_end_mark_and_text_has_none()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Snapshot snapshot = page.MeasureFull();
        ScrapeText openMetrics = await page.RenderAsync(snapshot, ExpositionFormat.OpenMetrics);
        Assert.Equal("# EOF", openMetrics.Lines[^2]);
        Assert.Single(openMetrics.Lines, "# EOF");
        Assert.DoesNotContain("# EOF", (await page.RenderAsync(snapshot)).Lines);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Names_with_quotes_backslashes_newlines_and_other_scripts_come_back_as_they_are(string format)
    {
        string[] names = ["a\"b", "a\\b", "a\nb", "\\n\"", "a}b,c=\"d\"", "\u00e4\u6f22\ud83d\ude00", "a b", "# HELP"];
        using ProcTree tree = new();
        foreach ((string name, int i) in names.Select(static (name, i) => (name, i)))
        {
            tree.WithProcess(100 + i, new StatLine { Comm = name });
        }

        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure(), Enum.Parse<ExpositionFormat>(format));
        Assert.Equal(names.Order(StringComparer.Ordinal), text.LabelsOf("mapagent_processes", "group"));
    }

    [Fact]
    public async Task Invalid_text_in_a_name_is_replaced_and_the_page_stays_readable()
    {
        using ProcTree tree = new ProcTree().WithFixture("6.18", "newline-comm");
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.Equal("new\nline\ufffd\ufffd)\n S", Assert.Single(text.Named("mapagent_processes")).Labels["group"]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Bytes_are_exact_to_the_last_digit(string format)
    {
        using ProcTree tree = new ProcTree()
            .WithProcess(42, rollup: new RollupText { Rss = 9_007_199_254_740_991, Pss = 8_796_093_022_209, PrivateClean = 1, PrivateDirty = 0 });
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure(), Enum.Parse<ExpositionFormat>(format));
        Assert.Equal("9223372036854774784", text.Value("mapagent_process_rollup_rss_bytes", "group", "worker"));
        Assert.Equal("9007199254742016", text.Value("mapagent_process_pss_bytes", "group", "worker"));
        Assert.Equal("1024", text.Value("mapagent_process_uss_bytes", "group", "worker"));
    }

    [Fact]
    public async Task Compressed_and_plain_are_the_same_page()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Snapshot snapshot = page.MeasureFull();
        Rendering plain = await page.Exposition.RenderAsync(snapshot, ExpositionFormat.Text, compressed: false, TestContext.Current.CancellationToken);
        Rendering small = await page.Exposition.RenderAsync(snapshot, ExpositionFormat.Text, compressed: true, TestContext.Current.CancellationToken);
        using GZipStream gzip = new(new MemoryStream(small.Body), CompressionMode.Decompress);
        using StreamReader reader = new(gzip);
        Assert.Equal(Encoding.UTF8.GetString(plain.Body), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.True(small.Body.Length < plain.Body.Length);
    }

    [Fact]
    public async Task What_is_unknown_has_no_series()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine().ToBytes());
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.Equal("1", text.Value("mapagent_processes", "group", "worker"));
        Assert.Equal("0", text.Value("mapagent_process_measured", "group", "worker"));
        Assert.Equal("1", text.Value("mapagent_process_unmeasured", "reason", "gone"));
        string[] known =
        [
            "mapagent_processes", "mapagent_process_rss_bytes", "mapagent_process_virtual_bytes", "mapagent_process_major_faults_total",
            "mapagent_process_minor_faults_total", "mapagent_process_measured", "mapagent_process_unmeasured",
        ];
        string[] unknown =
        [
            .. ProcessFamilies.All.Select(static family => family.Name).Except(known),
            .. NodeFamilies.All.Select(static family => family.Name).Where(static name => name.Contains("_host_") || name.StartsWith("process_")),
        ];
        Assert.NotEmpty(unknown);
        Assert.Empty(known.Except(text.Type.Keys));
        Assert.Empty(text.Samples.Select(static sample => sample.Name).Intersect(unknown));
        Assert.Empty(text.Type.Keys.Intersect(unknown));
    }

    [Fact]
    public async Task Fields_that_the_kernel_does_not_print_have_no_series()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).With(42, "smaps_rollup", Fixture.Bytes("crafted-4.14", "process", "smaps_rollup"));
        using Page page = new(tree);
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.Equal($"{7307 * 1024}", text.Value("mapagent_process_pss_bytes", "group", "worker"));
        Assert.Empty(text.Named("mapagent_process_pss_component_bytes"));
        Assert.Empty(text.Named("mapagent_process_ksm_bytes"));
        Assert.Equal(["anon", "hugetlb_private", "hugetlb_shared", "shmem"], text.LabelsOf("mapagent_process_huge_bytes", "kind"));
    }

    /// <summary>A tree for which every family has a value.</summary>
    private static ProcTree Full() => new ProcTree().WithNode().WithFixture("6.18", "everything").WithFixture("6.18", "zombie")
        .WithProcess(42).WithSelf(42, descriptors: 5);
}
