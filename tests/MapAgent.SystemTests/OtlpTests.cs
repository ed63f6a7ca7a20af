using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.SystemTests.Harness;
using MapAgent.Tests.Export.Otlp;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;
using Exposition = MapAgent.SystemTests.Harness.Exposition;

namespace MapAgent.SystemTests;

/// <summary>The published binary sends to a receiver of the tests' own.</summary>
public sealed class OtlpTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Of the scrape's moment, or of what came between the pass and the scrape.
    private static readonly string[] s_volatile = ["mapagent_process_rollup_age_seconds", "mapagent_otlp_exports_total"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_sample_of_the_page_arrives_with_its_value(bool grpc)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        Dictionary<string, string> environment = Environment(receiver.Url, grpc);
        environment["MAPAGENT_SAMPLING_INTERVAL"] = "1h";
        environment["MAPAGENT_KUBERNETES_NODE_NAME"] = "node-7";
        environment["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip";
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=blue";
        await using Agent agent = await Agent.StartAsync(["--path.procfs=" + Repository.Fixture("proc")], environment);
        OtlpRequestText request = await FirstAsync(receiver);
        Exposition page = await agent.ScrapeAsync();
        await agent.StopAsync();
        Dictionary<string, OtlpPoint> points = request.Points.ToDictionary(static point => point.Key);
        int compared = 0;
        foreach (Family family in MetricTable.All.Where(family => !s_volatile.Contains(family.Name)))
        {
            foreach (Sample sample in page.Find(family.Name))
            {
                Assert.Equal(sample.Value, points[OtlpNames.KeyOf(family, sample.Labels)].Value);
                compared++;
            }

            if (family is HistogramFamily && page.Value(family.Name + "_count") is { } count)
            {
                Assert.Equal(count, points[family.Instrument + "{}"].Count);
                compared++;
            }
        }

        Assert.True(compared > 100, $"{compared} samples");
        Assert.Equal(points.Values.Count(static point => point.Metric is not ("mapagent.process.rollup_age" or "mapagent.otlp.exports")), compared);
        Assert.Equal(("mapagent", "node-7", $"node-7:{agent.Port}"), (request.Resource["service.name"], request.Resource["k8s.node.name"], request.Resource["service.instance.id"]));
        Assert.Equal("blue", receiver.Headers["x-tenant"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_receiver_is_killed_nothing_changes_but_a_count(bool grpc)
    {
        OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        try
        {
            Dictionary<string, string> environment = Environment(receiver.Url, grpc);
            environment["MAPAGENT_SAMPLING_INTERVAL"] = "300ms";
            int port = new Uri(receiver.Url).Port;
            await using Agent agent = await Agent.StartAsync(environment: environment);
            await FirstAsync(receiver);
            await receiver.DisposeAsync();
            double failed = (await agent.ScrapeUntilAsync("a failure", static page => Failed(page) > 0)).Value("mapagent_snapshot_timestamp_seconds")!.Value;
            Exposition later = await agent.ScrapeUntilAsync("ten failures", static page => Failed(page) > 10);
            Assert.True(later.Value("mapagent_snapshot_timestamp_seconds") > failed);
            Assert.Equal(HttpStatusCode.OK, await agent.StatusAsync("/-/ready"));
            Assert.Single(agent.Log.Split('\n'), static line => line.Contains("OTLP: an export", StringComparison.Ordinal));
            receiver = await OtlpReceiver.StartAsync(grpc, port: port);
            await FirstAsync(receiver);
            await agent.StopAsync();
        }
        finally
        {
            await receiver.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_hangs_delays_neither_a_scrape_nor_the_end(bool grpc)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc);
        receiver.Misbehave = static (_, gone) => Task.Delay(Timeout.Infinite, gone);
        Dictionary<string, string> environment = Environment(receiver.Url, grpc);
        environment["MAPAGENT_SAMPLING_INTERVAL"] = "300ms";
        await using Agent agent = await Agent.StartAsync(environment: environment);
        await Wait.UntilAsync("a request that hangs", s_patience, () => receiver.Begun > 0);
        await agent.NextAsync();
        await agent.NextAsync();
        Assert.Equal(0, Failed(await agent.ScrapeAsync()));
        await agent.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificates_are_those_of_the_variables(bool grpc)
    {
        using TemporaryFolder folder = new();
        using X509Certificate2 authority = Certificates.Authority();
        using X509Certificate2 server = Certificates.Signed(authority, "localhost", folder, "server");
        using X509Certificate2 client = Certificates.Signed(authority, "agent", folder, "client");
        folder.Write("ca.pem", authority.ExportCertificatePem());
        string? shown = null;
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc, tls =>
        {
            tls.ServerCertificate = server;
            tls.SslProtocols = SslProtocols.None;
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.ClientCertificateValidation = (certificate, _, _) => (shown = certificate.Subject) == "CN=agent";
        });
        Dictionary<string, string> environment = Environment(receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), grpc);
        environment["MAPAGENT_SAMPLING_INTERVAL"] = "300ms";
        await using (Agent stranger = await Agent.StartAsync(environment: environment))
        {
            await stranger.ScrapeUntilAsync("a refusal of an unknown authority", static page => Failed(page) > 0);
            await stranger.StopAsync();
        }

        Assert.Empty(receiver.Requests);
        environment["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder.File("ca.pem");
        environment["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = folder.File("client.pem");
        environment["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = folder.File("client.key");
        await using Agent agent = await Agent.StartAsync(environment: environment);
        await FirstAsync(receiver);
        await agent.StopAsync();
        Assert.Equal("CN=agent", shown);
    }

    [Fact]
    public async Task A_reload_turns_it_on_and_off()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(grpc: true);
        Dictionary<string, string> environment = Environment(receiver.Url, grpc: true);
        environment.Remove("MAPAGENT_OTLP_ENABLED");
        await using Agent agent = await Agent.StartAsync(environment: environment, configuration: "sampling: { interval: 300ms }\n");
        await agent.NextAsync();
        Assert.Empty((await agent.ScrapeAsync()).Find("mapagent_otlp_exports_total"));
        await File.WriteAllTextAsync(agent.ConfigurationFile, "sampling: { interval: 300ms }\notlp: { enabled: true }\n", TestContext.Current.CancellationToken);
        agent.Signal(Signals.Hangup);
        await FirstAsync(receiver);
        await File.WriteAllTextAsync(agent.ConfigurationFile, "sampling: { interval: 300ms }\n", TestContext.Current.CancellationToken);
        agent.Signal(Signals.Hangup);
        await Wait.UntilAsync("the word that it is off", s_patience, () => agent.Log.Contains("OTLP: switched off", StringComparison.Ordinal));
        int before = receiver.Requests.Count;
        await agent.NextAsync();
        await agent.NextAsync();
        Assert.Equal(before, receiver.Requests.Count);
        await agent.StopAsync();
    }

    [Fact]
    public async Task A_variable_that_is_wrong_ends_the_start_with_its_name()
    {
        (int code, string _, string errors) = await ChildProcess.RunAsync(Agent.Binary, ["run"],
            new Dictionary<string, string> { ["MAPAGENT_OTLP_ENABLED"] = "true", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json" });
        Assert.Equal(1, code);
        Assert.Contains("OTEL_EXPORTER_OTLP_PROTOCOL", errors, StringComparison.Ordinal);
    }

    private static double Failed(Exposition page) => page.Value("mapagent_otlp_exports_total", ("outcome", "failed")) ?? 0;

    private static Task<OtlpRequestText> FirstAsync(OtlpReceiver receiver) =>
        Wait.ForAsync("an export", s_patience, () => Task.FromResult(receiver.Requests.FirstOrDefault()));

    private static Dictionary<string, string> Environment(string url, bool grpc) => new()
    {
        ["MAPAGENT_OTLP_ENABLED"] = "true",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };
}
