using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>The server towards well-behaved and other clients.</summary>
public sealed class HttpTests : IAsyncLifetime
{
    private const string Rest = "Host: localhost\r\nConnection: close\r\n\r\n";
    private Agent _agent = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _agent = await Agent.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    [Theory]
    [InlineData("GET / HTTP/1.1", 200)]
    [InlineData("GET /metrics HTTP/1.1", 200)]
    [InlineData("GET /metrics?x=y HTTP/1.1", 200)]
    [InlineData("GET /metrics HTTP/1.0", 200)]
    [InlineData("GET /-/healthy HTTP/1.1", 200)]
    [InlineData("GET /-/ready HTTP/1.1", 200)]
    [InlineData("GET /api/v1/groups HTTP/1.1", 200)]
    [InlineData("GET /api/v1/shm HTTP/1.1", 200)]
    [InlineData("GET /api/v1/snapshot HTTP/1.1", 200)]
    [InlineData("GET /docs HTTP/1.1", 200)]
    [InlineData("GET /page/main.js HTTP/1.1", 200)]
    [InlineData("GET /page/ HTTP/1.1", 404)]
    [InlineData("GET /page/..%2f..%2fetc/passwd HTTP/1.1", 404)]
    [InlineData("GET /nothing HTTP/1.1", 404)]
    [InlineData("GET /metrics/ HTTP/1.1", 404)]
    [InlineData("GET /../etc/passwd HTTP/1.1", 404)]
    [InlineData("GET /%2e%2e/metrics HTTP/1.1", 200)]
    [InlineData("GET /metrics HTTP/3.0", 505)]
    [InlineData("nonsense", 400)]
    public async Task Every_request_line_gets_its_status(string line, int status) =>
        Assert.Equal(status, RawHttp.Status(await RawHttp.SendAsync(_agent.Port, line + "\r\n" + Rest)));

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Other_methods_are_refused_with_those_that_are_not(string method)
    {
        string answer = await RawHttp.SendAsync(_agent.Port, $"{method} /metrics HTTP/1.1\r\n{Rest}");
        Assert.Equal(405, RawHttp.Status(answer));
        Assert.Contains("\r\nAllow: GET, HEAD\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/-/ready")]
    [InlineData("/api/v1/groups")]
    [InlineData("/api/v1/shm")]
    [InlineData("/api/v1/snapshot")]
    [InlineData("/page/page.css")]
    public async Task Head_gives_the_head_only(string path)
    {
        string answer = await RawHttp.SendAsync(_agent.Port, $"HEAD {path} HTTP/1.1\r\n{Rest}");
        Assert.Equal(200, RawHttp.Status(answer));
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_the_next_client_is_served()
    {
        string longLine = $"GET /{new string('x', 100_000)} HTTP/1.1\r\n{Rest}";
        IEnumerable<string> headers = Enumerable.Range(0, 1000).Select(static i => $"X-{i}: {new string('y', 100)}\r\n");
        string manyHeaders = "GET /metrics HTTP/1.1\r\n" + string.Concat(headers) + Rest;
        string body = $"POST /metrics HTTP/1.1\r\nContent-Length: 1000000\r\n{Rest}{new string('z', 1_000_000)}";
        string bodyOfGet = $"GET /metrics HTTP/1.1\r\nContent-Length: 5\r\n{Rest}hello";
        Assert.Equal(414, RawHttp.Status(await RawHttp.SendAsync(_agent.Port, longLine)));
        Assert.Equal(431, RawHttp.Status(await RawHttp.SendAsync(_agent.Port, manyHeaders)));
        Assert.Contains(RawHttp.Status(await RawHttp.SendAsync(_agent.Port, body)), (int[])[405, 413]);
        Assert.Contains(RawHttp.Status(await RawHttp.SendAsync(_agent.Port, bodyOfGet)), (int[])[200, 413]);
        Assert.Equal(HttpStatusCode.OK, await _agent.StatusAsync("/metrics"));
        await _agent.StopAsync();
    }

    [Fact]
    public async Task Half_open_and_silent_connections_hold_nobody_up()
    {
        List<TcpClient> silent = [];
        try
        {
            for (int i = 0; i < 100; i++)
            {
                TcpClient client = await RawHttp.ConnectAsync(_agent.Port);
                silent.Add(client);
                byte[] beginning = Encoding.ASCII.GetBytes(i % 2 == 0 ? "GET /metrics HTTP/1.1\r\nHost:" : "G");
                await client.GetStream().WriteAsync(beginning, TestContext.Current.CancellationToken);
            }

            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 20; i++)
            {
                await _agent.ScrapeAsync();
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
            await _agent.StopAsync();
        }
        finally
        {
            silent.ForEach(static client => client.Dispose());
        }
    }

    [Fact]
    public async Task The_page_is_compressed_only_for_those_who_ask()
    {
        string plain = await RawHttp.SendAsync(_agent.Port, "GET /metrics HTTP/1.1\r\n" + Rest);
        Assert.DoesNotContain("Content-Encoding", plain, StringComparison.Ordinal);
        string refused = await RawHttp.SendAsync(_agent.Port, "GET /metrics HTTP/1.1\r\nAccept-Encoding: gzip;q=0\r\n" + Rest);
        Assert.DoesNotContain("Content-Encoding", refused, StringComparison.Ordinal);
        string packed = await RawHttp.SendAsync(_agent.Port, "GET /metrics HTTP/1.1\r\nAccept-Encoding: deflate, gzip\r\n" + Rest);
        Assert.Contains("\r\nContent-Encoding: gzip\r\n", packed, StringComparison.Ordinal);
        Assert.Contains("\r\nVary: Accept, Accept-Encoding\r\n", packed, StringComparison.Ordinal);
        byte[] body = Encoding.Latin1.GetBytes(packed[(packed.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        using GZipStream gzip = new(new System.IO.MemoryStream(body), CompressionMode.Decompress);
        using System.IO.MemoryStream page = new();
        await gzip.CopyToAsync(page, TestContext.Current.CancellationToken);
        Assert.NotEmpty(ExpositionParser.Parse(page.ToArray()).Samples);
    }

    [Fact]
    public async Task Groups_as_json_say_what_the_metrics_say()
    {
        string comm = Victim.UniqueComm();
        await using Victim victim = await Victim.StartAsync(comm, "private 2048");
        Exposition page = await _agent.MeasureAsync();
        using JsonDocument json = JsonDocument.Parse(await _agent.GetAsync("/api/v1/groups"));
        Dictionary<string, long> groups = json.RootElement.GetProperty("groups").EnumerateArray()
            .ToDictionary(static group => group.GetProperty("group").GetString()!, static group => group.GetProperty("processes").GetInt64());
        Assert.Equal(1, groups[comm]);
        Assert.Equal(page.Find("mapagent_processes").ToDictionary(static s => s["group"]!, static s => (long)s.Value), groups);
    }

    [Fact]
    public async Task The_page_leads_to_pages_that_are_there()
    {
        string html = await _agent.GetAsync("/");
        // A link to a place of the page itself needs no answer; all others are relative, for proxies that serve the agent below a path.
        string[] links = [.. html.Split("href=\"").Skip(1).Select(static part => part.Split('"')[0]).Where(static link => link[0] != '#')
            .Select(link => new System.Uri(_agent.Url("/"), link).AbsolutePath)];
        Assert.DoesNotContain("href=\"/", html, System.StringComparison.Ordinal);
        Assert.Contains("/metrics", links);
        Assert.All(await Task.WhenAll(links.Select(_agent.StatusAsync)), static status => Assert.Equal(HttpStatusCode.OK, status));
    }
}
