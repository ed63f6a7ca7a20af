using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>What arrives in a real Prometheus.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task A_real_server_stores_what_the_kernel_says_in_both_formats()
    {
        string comm = Victim.UniqueComm();
        byte[] hostile = [.. "q\"\\\n{}=,"u8, 0xff, .. "x"u8];
        await using Victim victim = await Victim.StartAsync(comm, "private 8192");
        await using Victim strange = await Victim.StartAsync("x", Victim.Comm(hostile));
        await using Agent agent = await Agent.StartAsync(environment: new Dictionary<string, string> { ["MAPAGENT_SAMPLING_INTERVAL"] = "500ms" });
        await using RecordingProxy text = await RecordingProxy.StartAsync(agent.Url("/metrics"), textOnly: true);
        await using RecordingProxy openMetrics = await RecordingProxy.StartAsync(agent.Url("/metrics"), textOnly: false);
        await using Prometheus prometheus = await Prometheus.StartAsync(("text", text.Address), ("openmetrics", openMetrics.Address));
        await Wait.UntilAsync("six scrapes of each job", TimeSpan.FromSeconds(40), async () =>
            (await prometheus.QueryAsync("count_over_time(up[1m]) >= 6")).Count == 2);

        long resident = Kernel.Stat(victim.Pid, 24) * 4096;
        long pss = Kernel.Rollup(victim.Pid)["Pss"];
        foreach (string job in new[] { "text", "openmetrics" })
        {
            string selector = $"job=\"{job}\",group=\"{comm}\"";
            Assert.Equal(1, Assert.Single(await prometheus.QueryAsync($"min_over_time(up{{job=\"{job}\"}}[1m])")).Value);
            Assert.Equal(1, Assert.Single(await prometheus.QueryAsync($"mapagent_processes{{{selector}}}")).Value);
            Assert.InRange(Assert.Single(await prometheus.QueryAsync($"mapagent_process_rss_bytes{{{selector}}}")).Value, resident * 0.9, resident * 1.1);
            Assert.InRange(Assert.Single(await prometheus.QueryAsync($"mapagent_process_pss_bytes{{{selector}}}")).Value, pss * 0.9, pss * 1.1);
            string rate = $"rate(mapagent_reads_total{{job=\"{job}\",file=\"stat\",outcome=\"ok\"}}[10s])";
            Assert.InRange(Assert.Single(await prometheus.QueryAsync(rate)).Value, 1, 1e6);
            Assert.InRange(Assert.Single(await prometheus.QueryAsync($"rate(mapagent_pass_duration_seconds_count{{job=\"{job}\"}}[10s])")).Value, 1, 4);
            Assert.InRange((await prometheus.QueryAsync($"count({{job=\"{job}\",__name__=~\"mapagent_.*\"}})"))[0].Value, 100, 1e6);
            IReadOnlyList<Sample> groups = await prometheus.QueryAsync($"mapagent_processes{{job=\"{job}\",group=~\"(?s)q.*x\"}}");
            Assert.Equal("q\"\\\n{}=,\ufffdx", Assert.Single(groups)["group"]);
        }

        Assert.All(text.Exchanges, static exchange => Assert.Equal((200, "gzip"), (exchange.Status, exchange.Encoding)));
        Assert.All(openMetrics.Exchanges, static exchange => Assert.Equal((200, "gzip"), (exchange.Status, exchange.Encoding)));
        Assert.All(text.Exchanges, static exchange => Assert.StartsWith("text/plain; version=0.0.4", exchange.ContentType, StringComparison.Ordinal));
        Assert.All(openMetrics.Exchanges, static exchange =>
            Assert.StartsWith("application/openmetrics-text; version=1.0.0", exchange.ContentType, StringComparison.Ordinal));
        Assert.True(text.Exchanges.Count >= 6);
        await agent.StopAsync();
    }
}
