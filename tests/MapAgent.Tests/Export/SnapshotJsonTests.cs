using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class SnapshotJsonTests
{
    [Fact]
    public async Task The_groups_have_the_numbers_of_the_page()
    {
        using ProcTree tree = new ProcTree().WithNode()
            .WithFixture("6.18", "everything").WithFixture("6.18", "zombie").WithFixture("6.18", "hostile-comm");
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        page.Clock.Advance(TimeSpan.FromMilliseconds(2500));
        ScrapeText text = await page.RenderAsync(snapshot);
        using JsonDocument json = Write(writer => SnapshotJson.WriteGroups(writer, page.ViewOf(snapshot)));
        JsonElement groups = json.RootElement.GetProperty("groups");
        Assert.Equal(3, groups.GetArrayLength());
        int compared = 0;
        foreach (ScrapeSample sample in text.Samples.Where(static sample => sample.Labels.ContainsKey("group")))
        {
            JsonElement group = groups.EnumerateArray().Single(group => group.GetProperty("group").GetString() == sample.Labels["group"]);
            JsonElement value = group.GetProperty(Key(sample.Name));
            string[] more = [.. sample.Labels.Where(static label => label.Key != "group").Select(static label => label.Value)];
            value = more.Length == 0 ? value : value.GetProperty(string.Join('_', more));
            Assert.Equal(double.Parse(sample.Value, CultureInfo.InvariantCulture), value.GetDouble());
            compared++;
        }

        Assert.True(compared > 60, $"{compared}");
        Assert.All(groups.EnumerateArray(), static group => Assert.Equal("worker.service", group.GetProperty("unit").GetString()));
        // The group's own name and unit come on top of what the page shows.
        Assert.Equal(compared + 6, groups.EnumerateArray().Sum(static group => group.EnumerateObject().Sum(static property =>
            property.Value.ValueKind == JsonValueKind.Object ? property.Value.EnumerateObject().Count() : 1)));
    }

    [Fact]
    public void The_node_stands_beside_the_groups()
    {
        using ProcTree tree = new ProcTree().WithNode();
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        using JsonDocument json = Write(writer => SnapshotJson.WriteAll(writer, page.ViewOf(snapshot)));
        JsonElement node = json.RootElement.GetProperty("node");
        Assert.Equal(13_308 * 1024, node.GetProperty("shmem_bytes").GetInt64());
        Assert.Equal(7293, node.GetProperty("major_faults_total").GetInt64());
        Assert.Equal(934_664, node.GetProperty("refaults_total_file").GetInt64());
        Assert.Equal(1_800_000_000, json.RootElement.GetProperty("snapshot_timestamp_seconds").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("groups").GetArrayLength());
    }

    [Fact]
    public void What_is_unknown_has_no_key()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine().ToBytes());
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        using JsonDocument json = Write(writer => SnapshotJson.WriteAll(writer, page.ViewOf(snapshot)));
        Assert.Empty(json.RootElement.GetProperty("node").EnumerateObject());
        JsonElement group = json.RootElement.GetProperty("groups")[0];
        Assert.False(group.TryGetProperty("pss_bytes", out _));
        Assert.False(group.TryGetProperty("pss_component_bytes", out _));
        Assert.Equal(331 * Environment.SystemPageSize, group.GetProperty("rss_bytes").GetInt64());
    }

    [Fact]
    public void Names_of_any_bytes_and_the_largest_sizes_are_valid_and_exact()
    {
        using ProcTree tree = new ProcTree().WithFixture("6.18", "newline-comm")
            .WithProcess(42, new StatLine { Comm = "a\"\\\u0001b" }, new RollupText { Rss = 9_007_199_254_740_991 });
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        using JsonDocument json = Write(writer => SnapshotJson.WriteGroups(writer, page.ViewOf(snapshot)));
        JsonElement[] groups = [.. json.RootElement.GetProperty("groups").EnumerateArray()];
        Assert.Equal(["a\"\\\u0001b", "new\nline\ufffd\ufffd)\n S"], groups.Select(static group => group.GetProperty("group").GetString()));
        Assert.Equal(9_223_372_036_854_774_784, groups[0].GetProperty("rollup_rss_bytes").GetInt64());
    }

    [Fact]
    public void A_group_that_is_asked_for_comes_with_its_largest_processes()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42, new StatLine { Comm = "a" }).WithProcess(43, new StatLine { Comm = "b" })
            .With(44, "stat", new StatLine { Pid = 44, Comm = "a" }.ToBytes());
        using Page page = new(tree);
        page.Measure();
        page.Clock.Advance(TimeSpan.FromSeconds(10));
        tree.WithProcess(42, new StatLine { Comm = "a", MajorFaults = "52" });
        Snapshot snapshot = page.Measure();
        using JsonDocument json = Write(writer => SnapshotJson.WriteGroups(writer, page.ViewOf(snapshot), new SeriesFilter("a", null, null, null, null)));
        JsonElement group = Assert.Single(json.RootElement.GetProperty("groups").EnumerateArray());
        Assert.Equal(("a", 5.0), (group.GetProperty("group").GetString(), group.GetProperty("major_faults_per_second").GetDouble()));
        JsonElement[] members = [.. group.GetProperty("members").EnumerateArray()];
        Assert.Equal([44, 42], members.Select(static member => member.GetProperty("pid").GetInt32()));
        Assert.Equal((700 * 1024, 5.0), (members[1].GetProperty("pss_bytes").GetInt64(), members[1].GetProperty("major_faults_per_second").GetDouble()));
        Assert.Equal("gone", members[0].GetProperty("unmeasured").GetString());
        Assert.False(members[0].TryGetProperty("pss_bytes", out _));
        Assert.Equal(0, group.GetProperty("members_left_out").GetInt32());
    }

    [Fact]
    public void A_group_that_is_not_there_is_an_empty_list()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42);
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        using JsonDocument json = Write(writer => SnapshotJson.WriteGroups(writer, page.ViewOf(snapshot), new SeriesFilter("worker", "42", null, null, null)));
        Assert.Equal(0, json.RootElement.GetProperty("groups").GetArrayLength());
    }

    [Fact]
    public void The_agent_tells_its_cost_and_what_it_could_not_read()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42).WithProcess(43).With(43, "smaps_rollup", "garbage");
        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        page.Clock.Advance(TimeSpan.FromSeconds(3));
        using JsonDocument json = Write(writer => SnapshotJson.WriteAll(writer, page.ViewOf(snapshot)));
        JsonElement agent = json.RootElement.GetProperty("agent");
        Assert.Equal((3.0, 15.0, 0.01), (agent.GetProperty("snapshot_age_seconds").GetDouble(), agent.GetProperty("interval_seconds").GetDouble(), agent.GetProperty("cpu_budget_ratio").GetDouble()));
        Assert.Equal((1, 1), (agent.GetProperty("reads_total").GetProperty("smaps_rollup").GetProperty("ok").GetInt32(),
            agent.GetProperty("reads_total").GetProperty("smaps_rollup").GetProperty("malformed").GetInt32()));
        Assert.False(agent.GetProperty("reads_total").GetProperty("smaps_rollup").TryGetProperty("denied", out _));
        Assert.Equal(0, agent.GetProperty("truncations_total").GetProperty("groups").GetInt32());
        Assert.Equal(json.RootElement.GetProperty("node").GetProperty("memory_bytes").GetInt64(), snapshot.Host.MemoryBytes);
    }

    private static string Key(string name) =>
        name.StartsWith("mapagent_process_", StringComparison.Ordinal) ? name["mapagent_process_".Length..] : name["mapagent_".Length..];

    private static JsonDocument Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
