using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Exposure;

/// <summary>Everything a client can do wrong at once, while two scrapers do what they always do.</summary>
public sealed class AbuseTests : IDisposable
{
    private const int Silent = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _end = new();
    private int _scrapes;
    private int _failed;
    private string? _firstFailure;

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    [Fact]
    public async Task Abuse_costs_no_scrape_and_leaves_neither_memory_nor_log()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(ExposedAgent.Everything);
        Task[] scrapers = [ScrapeAsync(exposed), ScrapeAsync(exposed, keepsAlive: false, from: "127.0.0.2")];
        await Wait.UntilAsync("the scrapers", s_patience, () => _scrapes >= 30);
        long before = Kernel.Resident(exposed.Agent.Pid);
        double cpu = Cpu(exposed.Agent.Pid);
        long start = Stopwatch.GetTimestamp();

        CancellationToken cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(
            Task.Run(() => HoldAsync(exposed.Port, "", Silent), cancel),
            Task.Run(() => HoldAsync(exposed.Port, "\u0016\u0003\u0001\u0002", 300), cancel),
            Task.Run(() => GuessAsync(exposed, 400), cancel),
            Task.Run(() => StrangersAsync(exposed), cancel),
            Task.Run(() => DripAsync(exposed), cancel),
            Task.Run(() => RudeAsync(exposed), cancel));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        double spent = Cpu(exposed.Agent.Pid) - cpu;
        int during = Volatile.Read(ref _scrapes);
        await Wait.UntilAsync("scrapes after it", s_patience, () => Volatile.Read(ref _scrapes) > during + 10);
        await _end.CancelAsync();
        await Task.WhenAll(scrapers);
        Assert.True(_failed == 0, $"{_failed} of {_scrapes} scrapes failed, first: {_firstFailure}\n{exposed.Agent.Log}");

        long after = long.MaxValue;
        long calm = Stopwatch.GetTimestamp();
        while ((after = Kernel.Resident(exposed.Agent.Pid)) > before * 1.1 && Stopwatch.GetElapsedTime(calm) < s_patience)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.True(after <= before * 1.1, $"resident {before / 1024} KiB before, {after / 1024} KiB after");
        Exposition page = await exposed.ScrapeAsync();
        Figures.Report(string.Create(CultureInfo.InvariantCulture,
            $"{_scrapes} scrapes, none failed; {took.TotalSeconds:F1} s of abuse took {spent:F1} s of CPU; resident {before / 1024} KiB before, {after / 1024} KiB after; refused: {Refused(page)}"));
        Assert.InRange(page.Value("mapagent_web_refused_total", ("reason", "password_budget")) ?? 0, 100, double.MaxValue);
        Assert.InRange(page.Value("mapagent_web_refused_total", ("reason", "connections")) ?? 0, 1000, double.MaxValue);
        string[] lines = exposed.Agent.Log.Split('\n');
        Assert.True(lines.Length < 40, exposed.Agent.Log);
        await Wait.UntilAsync("closed sockets", s_patience, () => Directory.GetFiles($"/proc/{exposed.Agent.Pid}/fd").Length < 100);
        await exposed.Agent.StopAsync();
    }

    private async Task ScrapeAsync(ExposedAgent exposed, bool keepsAlive = true, string from = "127.0.0.1")
    {
        using HttpClient client = exposed.Scraper(keepsAlive, from);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), CancellationToken.None);
                string page = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (answer.StatusCode != HttpStatusCode.OK || !page.Contains("mapagent_processes{", StringComparison.Ordinal))
                {
                    Fail($"status {answer.StatusCode}");
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                Fail(error.ToString());
            }

            Interlocked.Increment(ref _scrapes);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private void Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        _firstFailure ??= why;
    }

    // Connections that are opened and never used, or only to say the first bytes of a handshake.
    private static async Task HoldAsync(int port, string first, int count)
    {
        List<Socket> open = [];
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            open.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                await socket.SendAsync(Encoding.Latin1.GetBytes(first));
            }
            catch (SocketException)
            {
                // Refused, as it may be.
            }

            // The tests' own descriptors are bounded too.
            if (open.Count > 2000)
            {
                open[0].Dispose();
                open.RemoveAt(0);
            }
        }

        await Task.Delay(1000);
        open.ForEach(static socket => socket.Dispose());
    }

    private static async Task GuessAsync(ExposedAgent exposed, int count)
    {
        using HttpClient client = exposed.Scraper(from: "127.0.0.3");
        HashSet<HttpStatusCode> statuses = [];
        for (int i = 0; i < count; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
            request.Headers.Add("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"alice:guess{i}")));
            try
            {
                using HttpResponseMessage answer = await client.SendAsync(request);
                statuses.Add(answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Its connection made room for another one.
            }
        }

        Assert.DoesNotContain(statuses, static status => status is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
    }

    private static async Task StrangersAsync(ExposedAgent exposed)
    {
        for (int i = 0; i < 5; i++)
        {
            foreach (string name in new[] { "expired", "stranger", "other" })
            {
                Assert.NotEqual(0, (await exposed.CurlAsync("/metrics", [.. exposed.Identity(name), "-u", "alice:secret", "--interface", "127.0.0.4"])).Exit);
            }
        }
    }

    // A handshake, and then one letter at a time.
    private static async Task DripAsync(ExposedAgent exposed)
    {
        List<Task> drips = [];
        for (int i = 0; i < 20; i++)
        {
            drips.Add(Task.Run(async () =>
            {
                try
                {
                    using TcpClient client = await RawHttp.ConnectAsync(exposed.Port);
                    await using SslStream tls = new(client.GetStream());
                    using X509Certificate2 identity = X509Certificate2.CreateFromPemFile(
                        exposed.PathOf("client.crt"), exposed.PathOf("client.key"));
                    await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                    {
                        TargetHost = "localhost",
                        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                        ClientCertificates = [identity],
                    });
                    foreach (char letter in "GET /metrics HTTP/1.1\r\nHost: x\r\n")
                    {
                        await tls.WriteAsync(new[] { (byte)letter });
                        await Task.Delay(200);
                    }
                }
                catch (Exception error) when (error is IOException or SocketException)
                {
                    // Let go, as it should be.
                }
            }));
        }

        await Task.WhenAll(drips);
    }

    private static async Task RudeAsync(ExposedAgent exposed)
    {
        string[] identity = [.. exposed.Identity(), "-u", "alice:secret", "--http1.1", "--interface", "127.0.0.5"];
        string[] flood = [.. Enumerable.Range(0, 200).SelectMany(static i => new[] { "-H", $"X-{i}: {new string('y', 60)}" })];
        (string Path, string[] Arguments, string Status)[] requests =
        [
            ("/../../etc/passwd", [], "404"),
            ("/%2e%2e/%2e%2e/etc/passwd", [], "404"),
            ("/api/v1/..%2f..%2fetc/passwd", [], "404"),
            ("/metrics", ["-X", "DELETE"], "405"),
            ("/metrics", ["-X", "BREW"], "405"),
            ("/metrics", ["-d", "body"], "405"),
            ("/metrics", flood, "431"),
            ("/" + new string('x', 5000), [], "414"),
            ("/metrics", ["-H", "Accept-Encoding: gzip;q=banana,,;;", "-o", "/dev/null"], "200"),
            ("/metrics", ["-H", "Accept-Encoding: gzip;q=0, *;q=0", "-o", "/dev/null"], "200"),
            ("/metrics", ["-H", "Content-Encoding: gzip", "-o", "/dev/null"], "200"),
            ("/metrics", ["-H", "Accept: \u0001,;q=,/*", "-o", "/dev/null"], "200"),
            ("/metrics", ["-H", "Authorization: Basic " + new string('A', 8000)], "401"),
        ];
        foreach ((string path, string[] arguments, string status) in requests)
        {
            (int exit, string got, _) = (0, "", "");
            for (int attempt = 0; attempt < 5 && got is "" or "000"; attempt++)
            {
                (exit, got, _) = await exposed.CurlAsync(path, [.. identity, .. arguments]);
            }

            Assert.True(got == status, $"{path[..Math.Min(path.Length, 40)]} {string.Join(' ', arguments.Take(2))}: {got}, curl ends with {exit}");
        }
    }

    private static double Cpu(int pid) => (Kernel.Stat(pid, 14) + Kernel.Stat(pid, 15)) / 100.0;

    private static string Refused(Exposition page) =>
        string.Join(", ", page.Find("mapagent_web_refused_total").Where(static sample => sample.Value > 0).Select(static sample => $"{sample["reason"]} {sample.Value}"));
}
