using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MapAgent.Web;

/// <summary>The section <c>tls_server_config</c>, with the certificates it names.</summary>
internal sealed class TlsPolicy
{
    private static readonly List<SslApplicationProtocol> s_http1 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> s_http2 = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>The server's certificate with its key, and those between it and a root.</summary>
    public required SslStreamCertificateContext Certificate { get; init; }

    /// <summary>What clients must show.</summary>
    public ClientAuthentication Clients { get; init; }

    /// <summary>Who may have signed client certificates; null for whom the system trusts.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Names of which a client certificate must bear one; null for any.</summary>
    public IReadOnlySet<string>? ClientNames { get; init; }

    /// <summary>Versions that are spoken; none of them leaves the choice to the system.</summary>
    public SslProtocols Protocols { get; init; }

    /// <summary>Cipher suites; null for the system's.</summary>
    public CipherSuitesPolicy? Ciphers { get; init; }

    /// <summary>True for a certificate that is the server's own: the agent's own health check shows it.</summary>
    public bool IsOwn(X509Certificate? certificate) =>
        certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(Certificate.TargetCertificate.RawDataMemory.Span);

    /// <summary>The options of one handshake.</summary>
    /// <param name="http2">True to offer HTTP/2.</param>
    /// <param name="judge">Judges what the client shows.</param>
    public SslServerAuthenticationOptions Options(bool http2, RemoteCertificateValidationCallback judge) => new()
    {
        ServerCertificateContext = Certificate,
        EnabledSslProtocols = Protocols,
        CipherSuitesPolicy = Ciphers,
        ApplicationProtocols = http2 ? s_http2 : s_http1,
        AllowRenegotiation = false,
        ClientCertificateRequired = Clients != ClientAuthentication.None,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        // A resumed session would bring a client certificate that was judged by rules from before.
        AllowTlsResume = Clients == ClientAuthentication.None,
        CertificateChainPolicy = ChainPolicy(),
        RemoteCertificateValidationCallback = Clients == ClientAuthentication.None ? null : judge,
    };

    /// <summary>How client certificates are verified. Nothing is fetched: a client must not be able to make the agent call somebody.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            UrlRetrievalTimeout = TimeSpan.FromSeconds(1),
        };
        // id-kp-clientAuth, RFC 5280: a certificate that says what it is for must say this.
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        if (ClientAuthorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }
}
