using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Exposure;

/// <summary>Certificates and passwords that change while they are used.</summary>
public sealed class RotationTests
{
    private const int Nobody = 65534;

    [Fact]
    public async Task Certificates_change_under_a_real_Prometheus_and_no_scrape_fails()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(ExposedAgent.Everything);
        await using Prometheus prometheus = await Prometheus.StartAsync(exposed.PathOf("ca.crt"), exposed.PathOf("client.crt"), exposed.PathOf("client.key"),
            ("alice", "secret"), $"localhost:{exposed.Port}");
        await Wait.UntilAsync("the first scrape", TimeSpan.FromSeconds(30), async () => (await prometheus.QueryAsync("up == 1")).Count == 1);
        using CancellationTokenSource end = new();
        Task<int> shaking = ShakeHandsAsync(exposed, end.Token);
        HashSet<string> serials = [await SerialAsync(exposed)];
        for (int i = 0; i < 8; i++)
        {
            (string certificate, string key) = exposed.Certificates.Server(rsa: i % 2 == 1);
            // Half a certificate, then one whose key is still to come, then the pair.
            exposed.Write("server.crt", certificate[..(certificate.Length / 2)]);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            exposed.Write("server.crt", certificate);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            exposed.Write("server.key", key);
            // On a machine that is very busy another handshake may still be reading the files.
            await Wait.UntilAsync("the new certificate", TimeSpan.FromSeconds(5), async () => serials.Add(await SerialAsync(exposed)));
            await Task.Delay(600, TestContext.Current.CancellationToken);
        }

        Assert.Equal(9, serials.Count);
        Exposition page = await exposed.ScrapeAsync();
        Assert.Equal(1, page.Value("mapagent_web_config_last_load_successful"));
        Assert.InRange(page.Value("mapagent_web_config_loads_total", ("outcome", "ok")) ?? 0, 9, 9);
        await Wait.UntilAsync("four scrapes", TimeSpan.FromSeconds(30), async () => (await prometheus.QueryAsync("count_over_time(up[5m]) >= 4")).Count == 1);
        await end.CancelAsync();
        int handshakes = await shaking;
        double scrapes = Assert.Single(await prometheus.QueryAsync("count_over_time(up[5m])")).Value;
        double lowest = Assert.Single(await prometheus.QueryAsync("min_over_time(up[5m])")).Value;
        Assert.True(lowest == 1, $"a scrape of {scrapes} failed; the newest error: {await prometheus.LastErrorAsync()}\n{exposed.Agent.Log}");
        Figures.Report($"8 rotations, {scrapes} scrapes by Prometheus and {handshakes} with a handshake of their own, with client certificate and password, none failed");
        Assert.InRange(scrapes, 4, 1000);
        Assert.InRange(handshakes, 8, 10_000);
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task A_key_that_may_not_be_read_leaves_the_old_one_in_force()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(ExposedAgent.Everything, user: Nobody);
        string before = await SerialAsync(exposed);
        (string certificate, string key) = exposed.Certificates.Server();
        exposed.Write("server.crt", certificate);
        exposed.Write("server.key", key);
        // As root left it: of another owner, for that owner only.
        await ChildProcess.RunAsync("chown", ["0:0", exposed.PathOf("server.key")]);
        Assert.Equal(before, await SerialAsync(exposed));
        Assert.Equal(0, (await exposed.ScrapeAsync()).Value("mapagent_web_config_last_load_successful"));
        Assert.Contains("what was in force before stays", exposed.Agent.Log, StringComparison.Ordinal);

        await ChildProcess.RunAsync("chown", [$"{Nobody}", exposed.PathOf("server.key")]);
        Assert.NotEqual(before, await SerialAsync(exposed));
        // A page is given out again for 300 ms.
        await Wait.UntilAsync("the good load", TimeSpan.FromSeconds(10),
            async () => (await exposed.ScrapeAsync()).Value("mapagent_web_config_last_load_successful") == 1);
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task A_connection_that_has_shown_no_certificate_ends_when_one_is_asked_for()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync("tls_server_config: {cert_file: server.crt, key_file: server.key}\n");
        using SocketsHttpHandler handler = new() { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        using HttpClient client = new(handler) { BaseAddress = new Uri($"https://127.0.0.1:{exposed.Port}") };
        Assert.NotEmpty(await client.GetStringAsync(new Uri("/api/v1/groups", UriKind.Relative), TestContext.Current.CancellationToken));
        exposed.Write("web.yml", "tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt, client_auth_type: RequireAndVerifyClientCert}\n");
        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetStringAsync(new Uri("/api/v1/groups", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal((0, "200"), ((await exposed.CurlAsync("/api/v1/groups", exposed.Identity())).Exit, (await exposed.CurlAsync("/api/v1/groups", exposed.Identity())).Status));
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task A_password_is_changed_for_the_next_request()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync($"basic_auth_users: {{ alice: {ExposedAgent.Hash} }}\n");
        Assert.Equal("200", (await exposed.CurlAsync("/metrics", "-u", "alice:secret")).Status);
        exposed.Write("web.yml", $"basic_auth_users: {{ bob: {ExposedAgent.Hash} }}\n");
        Assert.Equal("401", (await exposed.CurlAsync("/metrics", "-u", "alice:secret")).Status);
        Assert.Equal("200", (await exposed.CurlAsync("/metrics", "-u", "bob:secret")).Status);
        exposed.Write("web.yml", "basic_auth_users: [no]\n");
        (int exit, _, string errors) = await Agent.RunAsync(
            "healthcheck", $"--web.listen-address=127.0.0.1:{exposed.Port}", "--web.config.file=" + exposed.PathOf("web.yml"));
        Assert.True(exit == 0, errors);
        exposed.Write("web.yml", "basic_auth_users: { bob: broken }\n");
        Assert.Equal("200", (await exposed.CurlAsync("/metrics", "-u", "bob:secret")).Status);
        File.Delete(exposed.PathOf("web.yml"));
        exposed.Write("web.yml", $"basic_auth_users: {{ carol: {ExposedAgent.Hash} }}\n");
        Assert.Equal("401", (await exposed.CurlAsync("/metrics", "-u", "bob:secret")).Status);
        await exposed.Agent.StopAsync();
    }

    // Prometheus keeps its connection; this one connects anew each time, as after a restart.
    private static async Task<int> ShakeHandsAsync(ExposedAgent exposed, CancellationToken end)
    {
        using HttpClient scraper = exposed.Scraper(keepsAlive: false);
        int count = 0;
        while (!end.IsCancellationRequested)
        {
            string page = await scraper.GetStringAsync(new Uri("/metrics", UriKind.Relative), CancellationToken.None);
            Assert.Contains("mapagent_processes{", page, StringComparison.Ordinal);
            count++;
            await Task.Delay(50, CancellationToken.None);
        }

        return count;
    }

    private static async Task<string> SerialAsync(ExposedAgent exposed)
    {
        using TcpClient client = await RawHttp.ConnectAsync(exposed.Port);
        await using SslStream tls = new(client.GetStream());
        using X509Certificate2 identity = X509Certificate2.CreateFromPemFile(exposed.PathOf("client.crt"), exposed.PathOf("client.key"));
        string serial = "";
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = [identity],
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                serial = certificate!.GetSerialNumberString();
                return serial.Length > 0;
            },
        });
        return serial;
    }
}
