using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class GenerationTests
{
    private const int Processes = 10;

    [Fact]
    public async Task When_every_process_is_new_in_every_pass_each_page_shows_the_living_and_nothing_else()
    {
        using ProcTree tree = new();
        using Page page = new(tree, Page.PerProcess("worker", limit: 1000));
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
            ScrapeText text = await page.RenderAsync(page.Measure(), pass % 2 == 0 ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics);
            Assert.Equal(pids.Select(static pid => $"{pid}"), text.LabelsOf("mapagent_processes", "pid"));
            Assert.All(text.Named("mapagent_process_rss_bytes"), static sample =>
                Assert.Equal(long.Parse(sample.Labels["pid"]) * Environment.SystemPageSize, long.Parse(sample.Value)));
            Assert.Equal(Processes, text.Named("mapagent_process_pss_bytes").Length);
            Assert.DoesNotContain(text.Lines, static line => line.Contains("overflow"));
        }

        // 32 places for ten processes: a fourth pass does not fit any more.
        Assert.InRange(page.Exposition.Generations, 50, 200);
    }

    [Fact]
    public async Task While_the_label_sets_stay_the_generation_stays()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).WithProcess(43, new StatLine { Comm = "other" });
        using Page page = new(tree);
        for (int pass = 0; pass < 50; pass++)
        {
            page.Clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(2, (await page.RenderAsync(page.Measure())).Named("mapagent_processes").Length);
        }

        Assert.Equal(1, page.Exposition.Generations);
    }

    [Fact]
    public async Task Beyond_the_limit_processes_share_one_series_and_are_counted()
    {
        using ProcTree tree = new();
        for (int pid = 1; pid <= 30; pid++)
        {
            tree.WithProcess(pid);
        }

        using Page page = new(tree, Page.PerProcess("worker", limit: 10));
        ScrapeText text = await page.RenderAsync(page.Measure());
        Assert.Equal(11, text.Named("mapagent_processes").Length);
        Assert.Equal("20", text.Value("mapagent_processes", "pid", "other"));
        Assert.Equal("20", text.Value("mapagent_truncations_total", "what", "per_process"));
    }

    [Fact]
    public async Task Scrapes_that_come_together_while_passes_run_all_get_a_whole_page()
    {
        using ProcTree tree = new();
        using Page page = new(tree, Page.PerProcess("worker", limit: 1000));
        SnapshotStore store = new();
        tree.WithProcess(1);
        store.Publish(page.Measure());
        using CancellationTokenSource stop = new();
        Task[] scrapes = [.. Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            int pages = 0;
            while (!stop.IsCancellationRequested || pages == 0)
            {
                Snapshot snapshot = store.Current!;
                ScrapeText text = await page.RenderAsync(snapshot, number % 2 == 0 ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics);
                Assert.Equal(snapshot.Series.Count, text.Named("mapagent_processes").Length);
                pages++;
            }
        }))];
        for (int pass = 0; pass < 60; pass++)
        {
            tree.Replace(pass + 1, new StatLine { Pid = pass + 2 });
            tree.WithProcess(10_000 + pass);
            page.Clock.Advance(TimeSpan.FromSeconds(1));
            store.Publish(page.Measure());
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Task.WhenAll(scrapes);
        Assert.Equal(61, store.Current!.Series.Count);
    }

    [Fact]
    public async Task When_every_shm_mount_is_new_in_every_pass_each_page_shows_those_that_are_there()
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using Page page = new(tree);
        for (int pass = 0; pass < 200; pass++)
        {
            Snapshot snapshot = page.Measure() with { Shm = Page.Mounted($"/dev/shm[0:{pass}]", $"family{pass}*") };
            ScrapeText text = await page.RenderAsync(snapshot);
            Assert.Equal([$"/dev/shm[0:{pass}]"], text.LabelsOf("mapagent_shm_used_bytes", "mount"));
            Assert.Equal([$"family{pass}*"], text.LabelsOf("mapagent_shm_family_bytes", "family"));
            Assert.DoesNotContain(text.Lines, static line => line.Contains("overflow"));
        }

        Assert.InRange(page.Exposition.Generations, 5, 200);
    }
}
