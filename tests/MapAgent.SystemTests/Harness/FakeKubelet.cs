using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>Something that answers over TLS on the loopback address where a kubelet would, in any way a test wants, with a certificate of its own authority.</summary>
internal sealed class FakeKubelet : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _loop;

    /// <summary>Starts it.</summary>
    public FakeKubelet()
    {
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest authority = new("CN=test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 root = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=node1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(root, now.AddHours(-1), now.AddHours(12), [1, 2, 3, 4]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        _certificate = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
        AuthorityFile = _folder.Write("ca.crt", root.ExportCertificatePem());
        TokenFile = _folder.Write("token", "first-token\n");
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Who signed its certificate.</summary>
    public string AuthorityFile { get; }

    /// <summary>Where a client finds its token.</summary>
    public string TokenFile { get; }

    /// <summary>Writes the answer to a request; the connection is closed after it.</summary>
    public Func<Stream, CancellationToken, Task> Answer { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>The heads of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>An answer with a status and a body.</summary>
    public static Func<Stream, CancellationToken, Task> Status(string status, string body) => (stream, cancel) => stream.WriteAsync(
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), cancel).AsTask();

    /// <summary>Flags of the agent that make it ask here alone.</summary>
    public string Configuration(string source, string rest = "") =>
        $"sampling: {{interval: 200ms}}\nkubernetes: {{sources: [{source}], node_name: node1, kubelet_url: 'https://127.0.0.1:{Port}', "
        + $"api_url: 'https://127.0.0.1:{Port}', ca_file: {AuthorityFile}, token_file: {TokenFile}, interval: 1s, timeout: 1s{rest}}}\n";

    /// <summary>Gives the client another token.</summary>
    public void RenewToken(string token) => File.WriteAllText(TokenFile, token);

    /// <summary>Listens no more.</summary>
    public void Leave() => _listener.Stop();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _listener.Dispose();
        _certificate.Dispose();
        _end.Dispose();
        _folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_end.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Clients go away as they like.")]
    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using SslStream stream = new(client.GetStream());
                await stream.AuthenticateAsServerAsync(_certificate);
                byte[] buffer = new byte[16 << 10];
                int length = 0;
                while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int size = await stream.ReadAsync(buffer.AsMemory(length), _end.Token);
                    if (size == 0)
                    {
                        return;
                    }

                    length += size;
                }

                Requests.Enqueue(Encoding.ASCII.GetString(buffer, 0, length));
                await Answer(stream, _end.Token);
                await stream.ShutdownAsync();
            }
            catch (Exception)
            {
                // The test looks at what the agent makes of it.
            }
        }
    }
}
