using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export.Otlp;
using MapAgent.Sampling;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace MapAgent.Tests.Export.Otlp;

public sealed class OtlpSenderTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Two points rejected, because "no".
    private static readonly byte[] s_rejected = [0x0a, 6, 0x08, 2, 0x12, 2, (byte)'n', (byte)'o'];
    private readonly ProcTree _tree = new ProcTree().WithNode().WithProcess(42).WithSelf(42, descriptors: 5);
    private readonly Page _page;
    private readonly SnapshotStore _store = new();
    private readonly Lines _log = new();

    public OtlpSenderTests() => _page = new Page(_tree);

    public void Dispose()
    {
        _page.Dispose();
        _tree.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false, "none", "cumulative")]
    [InlineData(false, "gzip", "delta")]
    [InlineData(true, "none", "delta")]
    [InlineData(true, "gzip", "cumulative")]
    public async Task A_snapshot_arrives_as_it_is_once_and_with_the_headers(bool grpc, string compression, string temporality)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        (string, string)[] environment =
        [
            .. To(receiver, grpc), ("OTEL_EXPORTER_OTLP_COMPRESSION", compression), ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=blue,authorization=Bearer%20abc"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", temporality),
        ];
        using OtlpSwitch otlp = Start(environment);
        Snapshot first = await ExportAsync(ok: 1);
        _page.Clock.Advance(TimeSpan.FromMinutes(5));
        await ExportAsync(ok: 2);
        Assert.Equal("blue", receiver.Headers["x-tenant"]);
        Assert.Equal("Bearer abc", receiver.Headers["authorization"]);
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal((0, 2), (_page.Exposition.Otlp!.Failed, receiver.Begun));
        OtlpPoint[] expected = new Encoded(_page, environment).Points(first);
        OtlpPoint[] sent = [.. receiver.Requests.First().Points];
        Assert.Equal(expected.Select(static point => point.Key), sent.Select(static point => point.Key));
        Assert.Equal(expected.Where(static point => !point.Key.Contains("otlp")).Select(static point => point.Value), sent.Where(static point => !point.Key.Contains("otlp")).Select(static point => point.Value));
        Assert.Empty(_log.Warnings);
    }

    public static TheoryData<bool, string> Bad => new()
    {
        { false, "refuses" }, { true, "refuses" }, { false, "status" }, { true, "status" }, { false, "garbage" }, { true, "garbage" },
        { false, "endless" }, { true, "endless" }, { false, "aborts" }, { true, "aborts" }, { false, "rejects" }, { true, "rejects" },
        { false, "redirects" }, { true, "redirects" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_receiver_that_does_wrong_is_counted_told_once_and_forgiven(bool grpc, string how)
    {
        OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        try
        {
            int port = new Uri(receiver.Url).Port;
            receiver.Misbehave = (context, gone) => MisbehaveAsync(receiver, context, how, grpc, gone);
            using OtlpSwitch otlp = Start([.. To(receiver, grpc), ("OTEL_EXPORTER_OTLP_TIMEOUT", "20000")]);
            if (how == "refuses")
            {
                await receiver.DisposeAsync();
            }

            for (int i = 1; i <= 3; i++)
            {
                await ExportAsync(failed: i);
                Assert.Equal("1", (await _page.RenderAsync(_store.Current!)).Value("mapagent_processes", "group", "worker"));
            }

            Assert.Single(_log.Warnings);
            Assert.DoesNotContain(_log.Warnings.Single(), static c => char.IsControl(c));
            if (how == "refuses")
            {
                receiver = await OtlpReceiver.StartAsync(grpc, port: port);
            }

            receiver.Misbehave = null;
            await ExportAsync(failed: 3, ok: 1);
            ScrapeText page = await _page.RenderAsync(_page.Measure());
            Assert.Equal(("3", "1"), (page.Value("mapagent_otlp_exports_total", "outcome", "failed"), page.Value("mapagent_otlp_exports_total", "outcome", "ok")));
            Assert.Contains(_log.All, static line => line.Contains("accepted again, after 3", StringComparison.Ordinal));
        }
        finally
        {
            await receiver.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_taken_but_for_some_points_is_not_sent_again_and_the_rest_of_the_node_follows(bool grpc)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        receiver.Answer = s_rejected;
        using OtlpSwitch otlp = Start([.. To(receiver, grpc), ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")]);
        OtlpRequestText[] before = [];
        for (int export = 1; export <= 2; export++)
        {
            await ExportAsync(failed: export, large: true);
            OtlpRequestText[] requests = [.. receiver.Requests.Skip(before.Length)];
            Assert.True(requests.Length > 1);
            Assert.Contains("mapagent.pass_duration", requests[^1].Metrics);
            if (export > 1)
            {
                OtlpPoint[] reads = [.. before.Concat(requests).SelectMany(static request => request.Points).Where(static point => point.Key == "mapagent.reads{file=stat,outcome=ok}")];
                Assert.Equal(2, reads.Length);
                Assert.Equal(reads[0].Time, reads[1].Start);
            }

            before = [.. receiver.Requests];
            _page.Clock.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.Equal(before.Length, receiver.Begun);
        }

        Assert.Single(receiver.Connections);
        Assert.Contains("2 points rejected: no", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        receiver.Answer = [];
        await ExportAsync(failed: 2, ok: 1);
        Assert.Contains(_log.All, static line => line.Contains("accepted again, after 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_failure_the_same_snapshot_goes_on_where_it_was()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: false);
        bool isRefused = false;
        receiver.Took = () => receiver.Misbehave = isRefused ? null : (context, _) =>
        {
            // The second request of all.
            isRefused = true;
            receiver.Misbehave = null;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        using OtlpSwitch otlp = Start(To(receiver, grpc: false));
        await ExportAsync(failed: 1, large: true);
        Assert.Single(receiver.Requests);
        _page.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync("the rest", () => _page.Exposition.Otlp!.Ok == 1);
        string[] metrics = [.. receiver.Requests.SelectMany(static request => request.Metrics)];
        Assert.Equal(metrics.Length, metrics.Distinct().Count());
        Assert.Contains("mapagent.pass_duration", metrics);
    }

    [Theory]
    [InlineData(false, "hangs")]
    [InlineData(true, "hangs")]
    [InlineData(false, "trickles")]
    public async Task A_receiver_that_never_answers_costs_a_failure_per_timeout_and_does_not_keep_the_agent_from_stopping(bool grpc, string how)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        receiver.Misbehave = (context, gone) => MisbehaveAsync(receiver, context, how, grpc, gone);
        OtlpSwitch otlp = Start([.. To(receiver, grpc), ("OTEL_EXPORTER_OTLP_TIMEOUT", "300")]);
        await ExportAsync(failed: 1);
        Assert.Contains("no answer in time", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        otlp.Dispose();
        otlp = Start([.. To(receiver, grpc), ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000")]);
        int before = receiver.Begun;
        _store.Publish(_page.Measure());
        _page.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync("a request that hangs", () => receiver.Begun > before);
        long start = Stopwatch.GetTimestamp();
        otlp.Dispose();
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 4);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_a_failure_and_no_end()
    {
        string file = System.IO.Path.Combine(_tree.Path, "ca.pem");
        await System.IO.File.WriteAllTextAsync(file, "no certificate", TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_CERTIFICATE", file);
        try
        {
            using OtlpSwitch otlp = Start([("OTEL_EXPORTER_OTLP_ENDPOINT", "https://127.0.0.1:9")]);
            await ExportAsync(failed: 1);
            Assert.Single(_log.Warnings);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_CERTIFICATE", null);
        }
    }

    [Fact]
    public async Task What_is_new_is_sent_once_more_at_the_end_and_nothing_after_it_was_switched_off()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: false);
        OtlpSwitch otlp = Start(To(receiver, grpc: false));
        _store.Publish(_page.Measure());
        otlp.Turn(null);
        await UntilAsync("the last export", () => !receiver.Requests.IsEmpty);
        _store.Publish(_page.Measure());
        _page.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(receiver.Requests);
        otlp.Turn(Encoded.Settings(To(receiver, grpc: false)));
        await ExportAsync(ok: 2);
        otlp.Dispose();
        Assert.Equal(2, receiver.Requests.Count);
    }

    private static (string, string)[] To(OtlpReceiver receiver, bool grpc) =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", grpc ? "grpc" : "http/protobuf")];

    private static async Task MisbehaveAsync(OtlpReceiver receiver, HttpContext context, string how, bool grpc, CancellationToken gone)
    {
        switch (how)
        {
            case "status":
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case "redirects":
                context.Response.Redirect(receiver.Url + "/elsewhere", permanent: false, preserveMethod: true);
                break;
            case "garbage":
                await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("<html>\r\nnobody here"), gone);
                break;
            case "endless":
                while (!gone.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(new byte[16384], gone);
                }

                break;
            case "aborts":
                context.Abort();
                break;
            case "rejects" when grpc:
                await receiver.AnswerAsync(context, [], "8");
                break;
            case "rejects":
                await receiver.AnswerAsync(context, s_rejected, "0");
                break;
            case "trickles":
                while (true)
                {
                    await context.Response.Body.WriteAsync(new byte[] { 0 }, gone);
                    await Task.Delay(20, gone);
                }

            case "hangs":
                await Task.Delay(Timeout.Infinite, gone);
                break;
            default:
                break;
        }
    }

    private OtlpSwitch Start((string, string)[] environment)
    {
        OtlpSwitch otlp = new(_store, _page.Exposition, _page.Clock, _log);
        otlp.Turn(Encoded.Settings(environment));
        return otlp;
    }

    private async Task<Snapshot> ExportAsync(int ok = 0, int failed = 0, bool large = false)
    {
        Snapshot snapshot = _page.Measure();
        if (large)
        {
            snapshot = snapshot with { Series = [.. Enumerable.Repeat(snapshot.Series, 2000).SelectMany(static series => series)] };
        }

        _store.Publish(snapshot);
        _page.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync($"{ok} good and {failed} failed exports", () => _page.Exposition.Otlp!.Ok == ok && _page.Exposition.Otlp.Failed == failed);
        // The thread goes to sleep again a moment after it has counted.
        await Task.Delay(50, TestContext.Current.CancellationToken);
        return snapshot;
    }

    private static async Task UntilAsync(string what, Func<bool> wanted)
    {
        long start = Stopwatch.GetTimestamp();
        while (!wanted())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, what);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

        public IEnumerable<string> All => _lines.Select(static line => line.Text);

        public IEnumerable<string> Warnings => _lines.Where(static line => line.Level >= LogLevel.Warning).Select(static line => line.Text);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
