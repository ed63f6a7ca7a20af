using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Export.Otlp;
using MapAgent.Host;
using MapAgent.Procfs;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Export.Otlp;

public sealed class OtlpEncodingTests
{
    private const int Processes = 10;
    private const int Cumulative = 2;

    public static TheoryData<string> Temporalities => ["cumulative", "delta"];

    [Fact]
    public async Task Every_sample_of_the_page_is_a_point_with_the_same_value_and_there_are_no_others()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        page.Exposition.Otlp = new OtlpCounts();
        page.Exposition.Otlp.Record(isOk: true);
        Snapshot snapshot = page.MeasureFull();
        OtlpPoint[] points = new Encoded(page).Points(snapshot);
        ScrapeText text = await page.RenderAsync(snapshot);
        Dictionary<string, OtlpPoint> byKey = points.ToDictionary(static point => point.Key);
        int compared = 0;
        foreach (Family family in MetricTable.All.Where(static family => family.Kind != InstrumentKind.Histogram))
        {
            Assert.NotEmpty(text.Named(family.Name));
            foreach (ScrapeSample sample in text.Named(family.Name))
            {
                OtlpPoint point = byKey[OtlpNames.KeyOf(family, sample.Labels)];
                Assert.Equal(double.Parse(sample.Value, CultureInfo.InvariantCulture), point.Value);
                compared++;
            }
        }

        foreach (HistogramFamily family in MetricTable.All.OfType<HistogramFamily>())
        {
            OtlpPoint point = byKey[family.Instrument + "{}"];
            Assert.Equal(text.Named(family.Name + "_count").Single().Value, $"{point.Count}");
            Assert.Equal(double.Parse(text.Named(family.Name + "_sum").Single().Value, CultureInfo.InvariantCulture), point.Sum, 9);
            Assert.Equal(family.Bounds, point.Bounds);
            ulong below = 0;
            string[] cumulated = [.. point.Buckets.Select(count => $"{below += count}")];
            Assert.Equal(text.Named(family.Name + "_bucket").Select(static bucket => bucket.Value), cumulated);
            compared++;
        }

        Assert.Equal(compared, points.Length);
        Assert.All(points, point => Assert.Equal(OtlpEncoding.Nanoseconds(snapshot.At), point.Time));
    }

    [Fact]
    public void Metrics_have_the_shapes_of_their_conventions()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        ILookup<string, OtlpPoint> points = new Encoded(page).Points(page.MeasureFull()).ToLookup(static point => point.Metric);
        Assert.All(points["process.paging.faults"], static point =>
        {
            Assert.Equal(("sum", true, Cumulative, "{fault}"), (point.Shape, point.IsMonotonic, point.Temporality, point.Unit));
            Assert.Contains(point.Attributes["system.paging.fault.type"], (string[])["major", "minor"]);
        });
        Assert.All(points["process.memory.usage"].Concat(points["system.memory.linux.shared"]), static point =>
            Assert.Equal(("sum", false, Cumulative, "By"), (point.Shape, point.IsMonotonic, point.Temporality, point.Unit)));
        Assert.Equal(["major", "minor"], points["system.paging.faults"].Select(static point => point.Attributes["system.paging.fault.type"]).Order());
        OtlpPoint mount = Assert.Single(points["mapagent.shm.used"]);
        Assert.Equal(("prod", "web-0", "web"), (mount.Attributes["k8s.namespace.name"], mount.Attributes["k8s.pod.name"], mount.Attributes["k8s.container.name"]));
        Assert.Equal("gauge", mount.Shape);
    }

    [Theory]
    [InlineData("cumulative", Cumulative, Cumulative)]
    [InlineData("lowmemory", Cumulative, 1)]
    [InlineData("delta", 1, 1)]
    public void Temporality_is_what_was_asked_for(string preference, int ofCounters, int ofHistograms)
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Encoded encoded = new(page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", preference));
        OtlpPoint first = encoded.Points(page.MeasureFull()).Single(static point => point.Metric == "mapagent.pass_duration");
        page.Clock.Advance(TimeSpan.FromSeconds(15));
        OtlpPoint[] points = encoded.Points(page.Measure());
        Assert.All(points.Where(static point => point.IsMonotonic), point => Assert.Equal(ofCounters, point.Temporality));
        OtlpPoint second = points.Single(static point => point.Metric == "mapagent.pass_duration");
        Assert.Equal(ofHistograms, second.Temporality);
        Assert.Equal((2UL, ofHistograms == 1 ? 1UL : 3UL), (first.Count, second.Count));
        Assert.Equal(ofHistograms == 1 ? first.Time : first.Start, second.Start);
    }

    [Fact]
    public void What_is_unknown_is_not_sent()
    {
        using ProcTree tree = new ProcTree().With(42, "stat", new StatLine().ToBytes());
        using Page page = new(tree);
        string[] metrics = [.. new Encoded(page).Requests(page.Measure()).Single().Metrics];
        Assert.Contains("process.memory.usage", metrics);
        Assert.DoesNotContain("mapagent.process.pss", metrics);
        Assert.DoesNotContain("system.memory.linux.shared", metrics);
        Assert.DoesNotContain("mapagent.otlp.exports", metrics);
        Assert.Equal(metrics.Length, metrics.Distinct().Count());
    }

    [Fact]
    public void A_counter_begins_when_its_counting_did()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Encoded encoded = new(page);
        DateTimeOffset begin = page.Clock.GetUtcNow();
        page.MeasureFull();
        page.Clock.Advance(TimeSpan.FromMinutes(1));
        DateTimeOffset late = page.Clock.GetUtcNow();
        tree.WithProcess(77, new StatLine { Comm = "late" });
        Snapshot snapshot = page.Measure();
        OtlpPoint[] points = encoded.Points(snapshot);
        Assert.All(points.Where(static point => point.Metric == "process.paging.faults"), point =>
            Assert.Equal(OtlpEncoding.Nanoseconds(point.Attributes["group"] == "late" ? late : begin), point.Start));
        Assert.Contains(points, static point => point.Attributes.GetValueOrDefault("group") == "late");
        Assert.All(points.Where(static point => point.Metric == "system.paging.faults"), point =>
            Assert.Equal((ulong)snapshot.BootTime! * 1_000_000_000, point.Start));
        Assert.All(points.Where(static point => point.Metric is "mapagent.reads" or "mapagent.pass_duration"), point =>
            Assert.Equal(OtlpEncoding.Nanoseconds(begin), point.Start));
        Assert.All(points, static point => Assert.True(point.Start <= point.Time, point.Key));
    }

    [Theory]
    [MemberData(nameof(Temporalities))]
    public void When_every_process_is_new_in_every_pass_only_the_living_are_sent_and_counters_never_fall(string temporality)
    {
        using ProcTree tree = new();
        using Page page = new(tree, Page.PerProcess("worker", limit: 1000));
        Encoded encoded = new(page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", temporality));
        Dictionary<string, (double Value, ulong Start, ulong Time)> seen = [];
        for (int pass = 0; pass < 200; pass++)
        {
            int[] pids = [.. Enumerable.Range(1000 + (pass * Processes), Processes)];
            foreach (int pid in pids)
            {
                StatLine stat = new() { Pid = pid, StartTicks = (ulong)pid, ResidentPages = $"{pid}" };
                if (pass == 0)
                {
                    tree.WithProcess(pid, stat);
                }
                else
                {
                    tree.Replace(pid - Processes, stat);
                }
            }

            page.Clock.Advance(TimeSpan.FromSeconds(15));
            OtlpPoint[] points = encoded.Points(page.Measure());
            string[] sent = [.. points.Where(static point => point.Metric == "process.memory.usage").Select(static point => point.Attributes["process.pid"])];
            Assert.Equal(pids.Select(static pid => $"{pid}"), sent);
            Assert.All(points.Where(static point => point.Metric == "process.memory.usage"), static point =>
                Assert.Equal(long.Parse(point.Attributes["process.pid"]) * Environment.SystemPageSize, point.Value));
            Assert.DoesNotContain(points, static point => point.Key.Contains("overflow"));
            Assert.Equal(points.Length, points.Select(static point => point.Key).Distinct().Count());
            foreach (OtlpPoint point in points.Where(static point => point.IsMonotonic))
            {
                Assert.Equal(temporality == "delta" ? 1 : Cumulative, point.Temporality);
                if (seen.TryGetValue(point.Key, out (double Value, ulong Start, ulong Time) last))
                {
                    Assert.Equal(temporality == "delta" ? last.Time : last.Start, point.Start);
                    Assert.True(point.Value >= (temporality == "delta" ? 0 : last.Value), point.Key);
                }

                seen[point.Key] = (point.Value, point.Start, point.Time);
            }
        }
    }

    [Fact]
    public void Differences_add_up_although_requests_are_lost_and_a_group_goes_and_comes_back()
    {
        using ProcTree tree = new();
        using Page page = new(tree);
        Encoded encoded = new(page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"));
        double told = 0;
        ulong end = 0;
        for (int pass = 0; pass < 60; pass++)
        {
            // There for two passes, away for one; 100 faults each time it is seen again.
            if (pass % 3 == 2)
            {
                tree.Remove(42);
            }
            else
            {
                tree.WithProcess(42, new StatLine { MajorFaults = $"{100 * pass}", StartTicks = (ulong)(1 + (pass / 3)) });
            }

            page.Clock.Advance(TimeSpan.FromSeconds(15));
            bool accept = pass % 5 != 4 || pass == 59;
            OtlpPoint[] faults = [.. encoded.Points(page.Measure(), accept).Where(static point =>
                point.Metric == "process.paging.faults" && point.Attributes["system.paging.fault.type"] == "major")];
            Assert.Equal(pass % 3 == 2 ? 0 : 1, faults.Length);
            if (accept && faults.Length > 0)
            {
                Assert.True(end == 0 || faults[0].Start == end);
                (told, end) = (told + faults[0].Value, faults[0].Time);
            }
        }

        tree.WithProcess(42, new StatLine { MajorFaults = "0", StartTicks = 99 });
        page.Clock.Advance(TimeSpan.FromSeconds(15));
        Snapshot last = page.Measure();
        told += encoded.Points(last).Single(static point => point.Metric == "process.paging.faults" && point.Attributes["system.paging.fault.type"] == "major").Value;
        Assert.Equal(2000, last.Series.Single().MajorFaults);
        Assert.Equal(2000, told);
    }

    [Fact]
    public void What_the_kernel_counts_since_boot_is_told_from_the_second_export_on_when_differences_are_asked_for()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Encoded encoded = new(page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"));
        Assert.DoesNotContain(encoded.Points(page.MeasureFull()), static point => point.Metric == "system.paging.faults");
        page.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.All(encoded.Points(page.Measure()).Where(static point => point.Metric == "system.paging.faults"), static point => Assert.Equal(0, point.Value));
        OtlpPoint memory = encoded.Points(page.Measure()).First(static point => point.Metric == "process.memory.usage");
        Assert.Equal(Cumulative, memory.Temporality);
    }

    [Fact]
    public void What_a_containers_cgroup_counted_before_has_no_known_start()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        OtlpPoint[] points = [.. new Encoded(page).Points(page.MeasureFull()).Where(static point => point.IsMonotonic && point.Metric.StartsWith("mapagent.cgroup_memory."))];
        Assert.Equal(["mapagent.cgroup_memory.major_faults", "mapagent.cgroup_memory.refaults"], points.Select(static point => point.Metric));
        Assert.All(points, static point => Assert.Equal((0UL, Cumulative), (point.Start, point.Temporality)));
    }

    [Fact]
    public void Differences_of_a_container_begin_when_it_is_first_seen_and_anew_when_another_goes_on_under_its_name()
    {
        using Containers containers = new();
        Assert.Null(containers.Tell(5_000_000));
        ulong start = containers.At;
        ulong first = containers.Tell(5_000_010)!.Time;
        Assert.Equal((10, start), (containers.Last!.Value, containers.Last.Start));
        Assert.Null(containers.Tell(3));
        OtlpPoint anew = containers.Tell(10)!;
        Assert.Equal(7, anew.Value);
        Assert.True(anew.Start > first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_container_that_is_gone_is_remembered_for_an_hour_also_while_nobody_takes_anything(bool accept)
    {
        using Containers containers = new();
        containers.Tell(100);
        for (int i = 0; i < 59; i++)
        {
            containers.Tell(null, accept);
        }

        Assert.Equal(50, containers.Tell(150)!.Value);
        for (int i = 0; i < 61; i++)
        {
            containers.Tell(null, accept);
        }

        Assert.Null(containers.Tell(170));
        // Seen, but not taken by the receiver for longer than that: not forgotten.
        for (int i = 0; i < 90; i++)
        {
            containers.Tell(170 + i, accept: false);
        }

        Assert.Equal(100, containers.Tell(270)!.Value);
    }

    [Fact]
    public void A_clock_that_is_set_back_loses_no_difference_and_no_point_ends_before_it_began()
    {
        using ProcTree tree = Full();
        using Page page = new(tree);
        Encoded encoded = new(page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"));
        double reads = 0;
        double faults = 0;
        ulong passes = 0;
        long read = 0;
        for (int pass = 0; pass < 6; pass++)
        {
            page.Clock.Advance(TimeSpan.FromSeconds(15));
            tree.WithProcess(42, new StatLine { MajorFaults = $"{1000 * pass}" });
            Snapshot snapshot = page.Measure();
            read = snapshot.Reads.Reads(ProcFile.Stat, ReadOutcome.Ok);
            // Half a minute back in the middle, and once it stands still.
            snapshot = snapshot with { At = snapshot.At.AddSeconds(pass == 5 ? 0 : pass == 4 ? -45 : pass == 3 ? -30 : 0) };
            foreach (OtlpPoint point in encoded.Points(snapshot))
            {
                Assert.True(point.Start <= point.Time, point.Key);
                reads += point.Key == "mapagent.reads{file=stat,outcome=ok}" ? point.Value : 0;
                faults += point.Metric == "process.paging.faults" && point.Attributes["system.paging.fault.type"] == "major" ? point.Value : 0;
                passes += point.Metric == "mapagent.pass_duration" ? point.Count : 0;
            }
        }

        Assert.Equal((read, 5000.0, 6UL), ((long)reads, faults, passes));
    }

    [Fact]
    public void A_large_node_is_sent_in_requests_that_collectors_take()
    {
        using ProcTree tree = new();
        for (int pid = 1; pid <= 500; pid++)
        {
            tree.WithProcess(pid, new StatLine { Comm = $"{pid}-worker" });
        }

        using Page page = new(tree);
        Snapshot snapshot = page.Measure();
        // As many more of each: the number of groups is bounded by the configuration alone.
        snapshot = snapshot with { Series = [.. Enumerable.Repeat(snapshot.Series, 3).SelectMany(static series => series)] };
        List<OtlpRequestText> requests = new Encoded(page).Requests(snapshot);
        Assert.InRange(requests.Count, 2, 20);
        Assert.All(requests, static request => Assert.InRange(request.Bytes, 1000, 4 << 20));
        Assert.All(requests, static request => Assert.Equal("mapagent", request.Resource["service.name"]));
        string[] metrics = [.. requests.SelectMany(static request => request.Metrics)];
        Assert.Equal(metrics.Length, metrics.Distinct().Count());
        Assert.Equal(1500, requests.SelectMany(static request => request.Points).Count(static point => point.Metric == "mapagent.processes"));
    }

    private static ProcTree Full() => new ProcTree().WithNode().WithFixture("6.18", "everything").WithFixture("6.18", "zombie")
        .WithProcess(42).WithSelf(42, descriptors: 5);

    /// <summary>A node with one container at most, whose major faults are told as differences each minute.</summary>
    private sealed class Containers : IDisposable
    {
        private readonly ProcTree _tree = Full();
        private readonly Page _page;
        private readonly Encoded _encoded;

        public Containers()
        {
            _page = new Page(_tree);
            _encoded = new Encoded(_page, ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"));
        }

        public OtlpPoint? Last { get; private set; }

        /// <summary>When the last export was.</summary>
        public ulong At { get; private set; }

        /// <summary>Exports once.</summary>
        /// <param name="faults">What it has counted; null while it is gone.</param>
        /// <param name="accept">What the receiver does.</param>
        public OtlpPoint? Tell(long? faults, bool accept = true)
        {
            _page.Clock.Advance(TimeSpan.FromMinutes(1));
            Snapshot snapshot = _page.Measure() with
            {
                Containers = faults is null ? [] : [new ContainerMemory("prod", "web-0", "web", new CgroupMemory(1, null, 1, faults, null))],
            };
            At = OtlpEncoding.Nanoseconds(snapshot.At);
            return Last = _encoded.Points(snapshot, accept).SingleOrDefault(static point => point.Metric == "mapagent.cgroup_memory.major_faults");
        }

        public void Dispose()
        {
            _page.Dispose();
            _tree.Dispose();
        }
    }
}
