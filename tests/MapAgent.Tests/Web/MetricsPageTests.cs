using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Sampling;
using MapAgent.Tests.Export;
using MapAgent.Web;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class MetricsPageTests
{
    private const string Prometheus242 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Prometheus35 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    private const string Prometheus35Protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

    [Theory]
    [InlineData(Prometheus242, "OpenMetrics")]
    [InlineData(Prometheus35, "OpenMetrics")]
    [InlineData(Prometheus35Protobuf, "OpenMetrics")]
    [InlineData(null, "Text")]
    [InlineData("", "Text")]
    [InlineData("*/*", "Text")]
    [InlineData("text/plain", "Text")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Text")]
    [InlineData("application/openmetrics-text", "OpenMetrics")]
    [InlineData("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\"", "OpenMetrics")]
    [InlineData("application/openmetrics-text;version=0.0.1", "OpenMetrics")]
    [InlineData("application/openmetrics-text;version=2.0.0", "Text")]
    [InlineData("application/openmetrics-text;q=0", "Text")]
    [InlineData("application/openmetrics-text;q=0,text/plain;q=0", "Text")]
    [InlineData("application/openmetrics-text;q=0.001,text/plain;q=0", "OpenMetrics")]
    [InlineData("application/openmetrics-text;q=0.4,text/plain;q=0.5", "Text")]
    [InlineData("application/openmetrics-text;q=0.5,text/plain;q=0.5", "Text")]
    [InlineData("application/openmetrics-text;q=banana", "OpenMetrics")]
    [InlineData(";;;,,, q=1 \u0001/", "Text")]
    [InlineData("application/openmetrics-text;version=", "OpenMetrics")]
    public void The_better_liked_format_is_taken_and_text_when_in_doubt(string? accept, string format) =>
        Assert.Equal(Enum.Parse<ExpositionFormat>(format), MetricsPage.Format(accept));

    [Fact]
    public void Several_headers_are_one_list() =>
        Assert.Equal(ExpositionFormat.OpenMetrics, MetricsPage.Format(new[] { "text/plain;q=0.3", "application/openmetrics-text;q=0.6" }));

    [Theory]
    [InlineData(Prometheus242, "application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n")]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8", "\n")]
    public async Task The_answer_says_what_it_is(string accept, string type, string end)
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using Page page = new(tree);
        (HttpContext context, byte[] body) = await AskAsync(page, page.Measure(), accept, encoding: null);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal(type, context.Response.ContentType);
        Assert.Equal(body.Length, context.Response.ContentLength);
        Assert.Equal("Accept, Accept-Encoding", context.Response.Headers.Vary);
        Assert.False(context.Response.Headers.ContainsKey("Content-Encoding"));
        string text = Encoding.UTF8.GetString(body);
        Assert.Contains("mapagent_processes{group=\"worker\"} 1\n", text);
        Assert.EndsWith(end, text);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    [InlineData("", false)]
    public async Task Only_who_takes_gzip_gets_it(string encoding, bool compressed)
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using Page page = new(tree);
        (HttpContext context, byte[] body) = await AskAsync(page, page.Measure(), "text/plain", encoding);
        Assert.Equal(compressed ? "gzip" : null, (string?)context.Response.Headers.ContentEncoding);
        using Stream plain = compressed ? new GZipStream(new MemoryStream(body), CompressionMode.Decompress) : new MemoryStream(body);
        using StreamReader reader = new(plain);
        Assert.Contains("mapagent_processes{group=\"worker\"} 1\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Before_the_first_snapshot_the_page_is_not_available()
    {
        using ProcTree tree = new();
        using Page page = new(tree);
        (HttpContext context, byte[] body) = await AskAsync(page, snapshot: null, "text/plain", encoding: null);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("no snapshot yet\n", Encoding.UTF8.GetString(body));
    }

    private static async Task<(HttpContext Context, byte[] Body)> AskAsync(Page page, Snapshot? snapshot, string accept, string? encoding)
    {
        SnapshotStore store = new();
        if (snapshot is not null)
        {
            store.Publish(snapshot);
        }

        using MemoryStream body = new();
        DefaultHttpContext context = new();
        context.Request.Method = "GET";
        context.Request.Headers.Accept = accept;
        context.Request.Headers.AcceptEncoding = encoding;
        context.Response.Body = body;
        await new MetricsPage(store, page.Exposition).WriteAsync(context);
        return (context, body.ToArray());
    }
}
