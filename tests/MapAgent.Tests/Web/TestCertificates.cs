using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MapAgent.Tests.Web;

/// <summary>An authority and what it signs, made anew for each test. No private key is ever kept in the repository.</summary>
internal sealed class TestCertificates : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _authority;

    /// <summary>Makes an authority.</summary>
    public TestCertificates(string name = "an authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's certificate.</summary>
    public string Authority => _authority.ExportCertificatePem() + "\n";

    /// <summary>A pair for a server on loopback.</summary>
    public (string Certificate, string Key) Server(int from = -1, int until = 10, bool rsa = false) => Make("CN=server", ForServers, from, until, rsa, static names =>
    {
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
    });

    /// <summary>A pair for a client with names of all four kinds.</summary>
    public (string Certificate, string Key) Client(string name = "client.test", int from = -1, int until = 10) => Make("CN=client", ForClients, from, until, false, names =>
    {
        names.AddDnsName(name);
        names.AddEmailAddress("scraper@client.test");
        names.AddUri(new Uri("spiffe://client.test/scraper"));
        names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        names.AddIpAddress(IPAddress.Parse("2001:db8::7"));
    });

    /// <summary>Writes a pair as NAME.crt and NAME.key, the key for its owner only.</summary>
    public static void Write(string folder, string name, (string Certificate, string Key) pair)
    {
        File.WriteAllText(Path.Combine(folder, name + ".crt"), pair.Certificate);
        string key = Path.Combine(folder, name + ".key");
        File.WriteAllText(key, pair.Key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private (string Certificate, string Key) Make(string subject, string purpose, int from, int until, bool rsa, Action<SubjectAlternativeNameBuilder> named)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = key is RSA own
            ? new CertificateRequest(subject, own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        SubjectAlternativeNameBuilder names = new();
        named(names);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!),
            DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(until), RandomNumberGenerator.GetBytes(12));
        return (signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
