using System;
using System.Net;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Exposure;

/// <summary>Who gets in, and what is shown to whom.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Each_client_gets_as_far_as_it_should()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(ExposedAgent.Everything);
        string[] password = ["-u", "alice:secret"];

        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/metrics", [.. exposed.Identity(), .. password])));
        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/api/v1/groups", [.. exposed.Identity(), .. password])));
        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/metrics", [.. exposed.Identity(), .. password, "--http1.1"])));
        Assert.Equal((0, "401"), Short(await exposed.CurlAsync("/metrics", exposed.Identity())));
        Assert.Equal((0, "401"), Short(await exposed.CurlAsync("/metrics", [.. exposed.Identity(), "-u", "alice:wrong"])));
        Assert.Equal((0, "401"), Short(await exposed.CurlAsync("/metrics", [.. exposed.Identity(), "-u", "nobody:secret"])));
        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/-/healthy", exposed.Identity())));
        Assert.Equal((0, "403"), Short(await exposed.CurlAsync("/metrics", [.. exposed.Identity("server"), .. password])));
        foreach (string name in new[] { "other", "expired", "stranger" })
        {
            Assert.NotEqual(0, (await exposed.CurlAsync("/metrics", [.. exposed.Identity(name), .. password])).Exit);
        }

        Assert.NotEqual(0, (await exposed.CurlAsync("/metrics", password)).Exit);
        Assert.NotEqual(0, (await exposed.CurlAsync("/metrics", [.. exposed.Identity(), .. password, "--tls-max", "1.1"])).Exit);
        (_, _, string version) = await exposed.CurlAsync("/-/ready", [.. exposed.Identity(), "-o", "/dev/null", "-w", "%{http_version}\n%{http_code}"]);
        Assert.Equal("2", version);
        Assert.NotEqual(0, (await ChildProcess.RunAsync("curl", ["-sS", "--noproxy", "*", $"http://127.0.0.1:{exposed.Port}/metrics"])).ExitCode);

        (int exit, _, string errors) = await Agent.RunAsync(
            "healthcheck", $"--web.listen-address=127.0.0.1:{exposed.Port}", "--web.config.file=" + exposed.PathOf("web.yml"));
        Assert.True(exit == 0, errors);
        Exposition page = await exposed.ScrapeAsync();
        // A file that is no good any more tells nothing about the agent, which goes on with the one before.
        exposed.Write("web.yml", ExposedAgent.Everything + "basic_auth_usrs: {}\n");
        (exit, _, errors) = await Agent.RunAsync(
            "healthcheck", $"--web.listen-address=127.0.0.1:{exposed.Port}", "--web.config.file=" + exposed.PathOf("web.yml"));
        Assert.True(exit == 0, errors);
        Assert.Contains("basic_auth_usrs", errors, StringComparison.Ordinal);
        (exit, _, errors) = await Agent.RunAsync(
            "healthcheck", $"--web.listen-address=127.0.0.1:{Ports.Free()}", "--web.config.file=" + exposed.PathOf("web.yml"));
        Assert.True(exit == 2, errors);
        Assert.InRange(page.Value("mapagent_web_refused_total", ("reason", "client_certificate")) ?? 0, 4, 100);
        Assert.Equal(3, page.Value("mapagent_web_refused_total", ("reason", "unauthorized")));
        Assert.InRange(page.Value("mapagent_web_certificate_end_timestamp_seconds") ?? 0, DateTimeOffset.UtcNow.AddDays(9).ToUnixTimeSeconds(), double.MaxValue);
        await exposed.Agent.StopAsync();
    }

    [Theory]
    [InlineData("127.0.0.1", "", null, "200")]
    [InlineData("0.0.0.0", "", null, "403")]
    [InlineData("0.0.0.0", "", "--web.disable-details=false", "200")]
    [InlineData("127.0.0.1", "", "--web.disable-details", "403")]
    [InlineData("0.0.0.0", "basic_auth_users: { alice: $2y$10$/sQ4vl4on2zNe0sFA1bppuFOQ/2jHcrCN7shK0KQlKbP2kDvUi/IS }\n", null, "200")]
    public async Task Details_are_shown_to_loopback_or_to_those_who_are_known(string address, string yaml, string? flag, string status)
    {
        int port = Ports.Free();
        string[] flags = flag is null ? [$"--web.listen-address={address}:{port}"] : [$"--web.listen-address={address}:{port}", flag];
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(yaml, flags);
        foreach (string path in new[] { "/api/v1/groups", "/api/v1/shm" })
        {
            Assert.Equal((0, status), Short(await exposed.CurlAsync(path, "-u", "alice:secret")));
        }

        (_, string landing, string page) = await exposed.CurlAsync("/", "-u", "alice:secret");
        Assert.Equal("200", landing);
        Assert.Equal(status == "200", page.Contains("page/main.js", StringComparison.Ordinal));
        Assert.Equal(address == "0.0.0.0" && flag is null && yaml.Length == 0, exposed.Agent.Log.Contains("details of processes (", StringComparison.Ordinal));
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task Headers_and_the_rate_of_the_file_hold()
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync(
            "http_server_config:\n  headers:\n    X-Frame-Options: deny\n    Content-Security-Policy: default-src 'none'\nrate_limit: { interval: 1h, burst: 2 }\n");
        (_, _, string head) = await exposed.CurlAsync("/", "-i");
        Assert.Contains("X-Frame-Options: deny", head, StringComparison.Ordinal);
        Assert.Contains("Content-Security-Policy: default-src 'none'\r\n", head, StringComparison.Ordinal);
        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/metrics")));
        Assert.Equal((0, "429"), Short(await exposed.CurlAsync("/metrics")));
        Assert.Equal((0, "200"), Short(await exposed.CurlAsync("/-/healthy")));
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task A_bad_web_configuration_is_told_by_check_and_refused_at_the_start()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("web.yml", "tls_server_config:\n  cert_filse: a\nbasic_auth_users:\n  john: doe\n");
        (int exit, _, string errors) = await Agent.RunAsync("check", "--web.config.file=" + file);
        Assert.Equal(1, exit);
        Assert.Contains(file + ":2: unknown key cert_filse; did you mean cert_file?", errors, StringComparison.Ordinal);
        Assert.Contains(file + ":4: ", errors, StringComparison.Ordinal);
        (exit, _, errors) = await Agent.RunAsync($"--web.listen-address=127.0.0.1:{Ports.Free()}", "--web.config.file=" + file);
        Assert.Equal(1, exit);
        Assert.Contains(file + ":2: ", errors, StringComparison.Ordinal);

        folder.Write("web.yml", "rate_limit: { interval: 1s, burst: 5 }\n");
        (exit, string output, errors) = await Agent.RunAsync("check", "--web.config.file=" + file, "--web.listen-address=:9999");
        Assert.Equal(0, exit);
        Assert.Contains(file + ": good; plain HTTP, no passwords", output, StringComparison.Ordinal);
        Assert.Contains("details of processes", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]", "ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]", "ECDHE-ECDSA-AES256-GCM-SHA384", false)]
    [InlineData("min_version: TLS13", "ECDHE-ECDSA-AES128-GCM-SHA256", false)]
    public async Task Versions_and_suites_are_those_of_the_file(string section, string suite, bool good)
    {
        await using ExposedAgent exposed = await ExposedAgent.StartAsync($"tls_server_config: {{ cert_file: server.crt, key_file: server.key, {section} }}\n");
        (int exit, _, _) = await ChildProcess.RunAsync(
            "openssl", ["s_client", "-connect", $"127.0.0.1:{exposed.Port}", "-tls1_2", "-cipher", suite], input: "Q\n");
        Assert.Equal(good, exit == 0);
        await exposed.Agent.StopAsync();
    }

    [Fact]
    public async Task A_socket_that_systemd_passes_is_served()
    {
        const string Activate = """
            import os, socket, sys
            port = int([a for a in sys.argv if a.startswith('--web.listen-address=')][0].rsplit(':', 1)[1])
            listener = socket.create_server(('127.0.0.1', port))
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')
            os.execv(sys.argv[1], sys.argv[1:])
            """;
        await using Agent agent = await Agent.StartAsync(["--web.systemd-socket"], command: ["python3", "-c", Activate, Agent.Binary]);
        Assert.Equal(HttpStatusCode.OK, await agent.StatusAsync("/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await agent.StatusAsync("/api/v1/groups"));
        await agent.StopAsync();

        (int exit, _, string errors) = await Agent.RunAsync("--web.systemd-socket");
        Assert.Equal(2, exit);
        Assert.Contains("systemd passed no socket", errors, StringComparison.Ordinal);
    }

    private static (int, string) Short((int Exit, string Status, string Body) answer) => (answer.Exit, answer.Status);
}
