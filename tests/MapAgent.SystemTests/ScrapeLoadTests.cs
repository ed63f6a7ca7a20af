using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>Many scrapers at once, some of them rude, while passes run as fast as they may.</summary>
public sealed class ScrapeLoadTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _faults = [];
    private int _pages;
    private int _aborted;

    [Fact]
    public async Task Twenty_scrapers_at_once_get_whole_pages_and_leave_the_agent_well()
    {
        await using Agent agent = await Agent.StartAsync(environment: new Dictionary<string, string> { ["MAPAGENT_SAMPLING_INTERVAL"] = "100ms" });
        long before = Kernel.Resident(agent.Pid);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => ScrapeAsync(agent.Port, i, start))));
        Assert.Empty(_faults);
        Assert.InRange(_pages, 200, int.MaxValue);
        Assert.InRange(_aborted, 20, int.MaxValue);
        Figures.Report($"{_pages} pages, {_aborted} aborted; resident {before / 1024} KiB before, {Kernel.Resident(agent.Pid) / 1024} KiB after");
        await agent.ScrapeAsync();
        await agent.StopAsync();
    }

    private async Task ScrapeAsync(int port, int number, long start)
    {
        string accept = number % 3 == 0 ? "application/openmetrics-text;version=1.0.0" : "text/plain";
        string encoding = number % 2 == 0 ? "Accept-Encoding: gzip\r\n" : "";
        byte[] request = Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n{encoding}Connection: close\r\n\r\n");
        bool rude = number % 5 == 4;
        while (Stopwatch.GetElapsedTime(start) < s_time)
        {
            using TcpClient client = await RawHttp.ConnectAsync(port);
            NetworkStream stream = client.GetStream();
            using CancellationTokenSource late = new(TimeSpan.FromSeconds(10));
            await stream.WriteAsync(request, late.Token);
            if (rude)
            {
                await stream.ReadExactlyAsync(new byte[64], late.Token);
                client.LingerState = new LingerOption(true, 0);
                Interlocked.Increment(ref _aborted);
                continue;
            }

            using MemoryStream answer = new();
            await stream.CopyToAsync(answer, late.Token);
            Judge(answer.ToArray(), number % 2 == 0, number % 3 == 0);
        }
    }

    private void Judge(byte[] answer, bool compressed, bool openMetrics)
    {
        try
        {
            int head = answer.AsSpan().IndexOf("\r\n\r\n"u8);
            Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(answer, 0, head), StringComparison.Ordinal);
            byte[] body = answer[(head + 4)..];
            if (compressed)
            {
                using GZipStream gzip = new(new MemoryStream(body), CompressionMode.Decompress);
                using MemoryStream page = new();
                gzip.CopyTo(page);
                body = page.ToArray();
            }

            Assert.NotEmpty(ExpositionParser.Parse(body, openMetrics).Find("mapagent_processes"));
            Interlocked.Increment(ref _pages);
        }
        catch (Exception error)
        {
            _faults.Enqueue(error.Message);
        }
    }
}
