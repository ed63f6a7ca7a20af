using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using MapAgent.Tests.Web;
using Xunit;

namespace MapAgent.SystemTests.Exposure;

/// <summary>The published binary with a web configuration, and the certificates of everybody.</summary>
internal sealed class ExposedAgent : IAsyncDisposable
{
    /// <summary>A hash of "secret" as it is made by default.</summary>
    public const string Hash = "$2y$10$/sQ4vl4on2zNe0sFA1bppuFOQ/2jHcrCN7shK0KQlKbP2kDvUi/IS";

    /// <summary>TLS, a client certificate and a password.</summary>
    public const string Everything =
        "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n"
        + "  client_allowed_sans: [client.test]\nbasic_auth_users:\n  alice: " + Hash + "\n";

    private static readonly Dictionary<string, string> s_fast = new() { ["MAPAGENT_SAMPLING_INTERVAL"] = "500ms" };
    private readonly TemporaryFolder _folder;
    private readonly List<X509Certificate2> _clients = [];

    private ExposedAgent(TemporaryFolder folder) => _folder = folder;

    /// <summary>The agent.</summary>
    public Agent Agent { get; private set; } = null!;

    /// <summary>The authority that signed all but the strangers.</summary>
    public TestCertificates Certificates { get; } = new();

    /// <summary>An authority that the agent does not know.</summary>
    public TestCertificates Strangers { get; } = new("strangers");

    /// <summary>The port.</summary>
    public int Port => Agent.Port;

    /// <summary>Writes the certificates and starts the agent.</summary>
    /// <param name="yaml">The web configuration.</param>
    /// <param name="arguments">Further flags.</param>
    /// <param name="user">A user other than the tests' own; null for that.</param>
    public static async Task<ExposedAgent> StartAsync(string yaml, string[]? arguments = null, int? user = null)
    {
        ExposedAgent exposed = new(new TemporaryFolder());
        try
        {
            exposed.WriteCertificates();
            exposed.Write("web.yml", yaml);
            string[]? command = user is { } id ? ["setpriv", $"--reuid={id}", $"--regid={id}", "--clear-groups", Agent.Binary] : null;
            if (user is not null)
            {
                await ChildProcess.RunAsync("chown", ["-R", $"{user}", exposed._folder.Path]);
            }

            exposed.Agent = await Agent.StartAsync([.. arguments ?? [], "--web.config.file=" + exposed.PathOf("web.yml")], s_fast, command: command, waitUntilReady: false);
            await Wait.UntilAsync("the first snapshot", TimeSpan.FromSeconds(60), async () =>
            {
                Assert.False(exposed.Agent.HasExited, exposed.Agent.Log);
                (int exit, string status, _) = await exposed.CurlAsync("/-/ready", [.. exposed.Identity(), "-u", "alice:secret"]);
                return exit == 0 && status == "200";
            });
            return exposed;
        }
        catch
        {
            await exposed.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of a file beside the web configuration.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes such a file.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Gives the server another certificate, in one of the ways in which such files are replaced.</summary>
    public void WriteServer((string Certificate, string Key) pair) => TestCertificates.Write(_folder.Path, "server", pair);

    /// <summary>Flags of curl for the good client's certificate.</summary>
    public string[] Identity(string name = "client") => ["--cert", PathOf(name + ".crt"), "--key", PathOf(name + ".key")];

    /// <summary>Asks with curl, which verifies the server.</summary>
    /// <returns>The exit code, the status, and the body and the protocol after it.</returns>
    public async Task<(int Exit, string Status, string Body)> CurlAsync(string path, params string[] arguments)
    {
        bool tls = (await File.ReadAllTextAsync(PathOf("web.yml"))).Contains("cert", StringComparison.Ordinal);
        string url = $"{(tls ? "https" : "http")}://127.0.0.1:{Port}{path}";
        (int exit, string output, _) = await ChildProcess.RunAsync(
            "curl", ["-sS", "--noproxy", "*", "--max-time", "20", "--path-as-is", "--cacert", PathOf("ca.crt"), "-w", "\n%{http_code}", .. arguments, url]);
        int end = output.LastIndexOf('\n');
        return (exit, end < 0 ? "" : output[(end + 1)..], end < 0 ? "" : output[..end]);
    }

    /// <summary>A client as Prometheus is one: with a certificate and a password, keeping its connection.</summary>
    /// <param name="keepsAlive">False to connect anew for each request.</param>
    /// <param name="from">The address it connects from.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The client that is returned disposes its handler.")]
    public HttpClient Scraper(bool keepsAlive = true, string from = "127.0.0.1")
    {
        X509Certificate2 client = X509Certificate2.CreateFromPemFile(PathOf("client.crt"), PathOf("client.key"));
        _clients.Add(client);
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(File.ReadAllText(PathOf("ca.crt")));
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            PooledConnectionLifetime = keepsAlive ? TimeSpan.FromHours(1) : TimeSpan.Zero,
            ConnectCallback = async (_, cancel) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = [client],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        HttpClient scraper = new(handler) { BaseAddress = new Uri($"https://localhost:{Port}"), Timeout = TimeSpan.FromSeconds(10) };
        scraper.DefaultRequestHeaders.Add("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:secret")));
        return scraper;
    }

    /// <summary>One scrape with everything that is asked for.</summary>
    public async Task<Harness.Exposition> ScrapeAsync()
    {
        (int exit, string status, string body) = await CurlAsync("/metrics", [.. Identity(), "-u", "alice:secret"]);
        Assert.Equal((0, "200"), (exit, status));
        return ExpositionParser.Parse(Encoding.UTF8.GetBytes(body), false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        _clients.ForEach(static client => client.Dispose());
        Certificates.Dispose();
        Strangers.Dispose();
        _folder.Dispose();
    }

    private void WriteCertificates()
    {
        Write("ca.crt", Certificates.Authority);
        WriteServer(Certificates.Server());
        TestCertificates.Write(_folder.Path, "client", Certificates.Client());
        TestCertificates.Write(_folder.Path, "other", Certificates.Client("other.test"));
        TestCertificates.Write(_folder.Path, "expired", Certificates.Client(from: -5, until: -1));
        TestCertificates.Write(_folder.Path, "stranger", Strangers.Client());
    }
}
