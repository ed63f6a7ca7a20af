using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MapAgent.SystemTests.Harness;

/// <summary>An authority of the tests' own, and certificates that it signs. They live for an hour.</summary>
internal static class Certificates
{
    /// <summary>An authority.</summary>
    public static X509Certificate2 Authority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=MapAgent tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
    }

    /// <summary>A certificate and its key, also as NAME.pem and NAME.key in a folder.</summary>
    public static X509Certificate2 Signed(X509Certificate2 authority, string subject, TemporaryFolder folder, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + subject, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(subject);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = new byte[8];
        RandomNumberGenerator.Fill(serial);
        using X509Certificate2 bare = request.Create(authority, authority.NotBefore, authority.NotAfter, serial);
        folder.Write(name + ".pem", bare.ExportCertificatePem());
        folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
        return bare.CopyWithPrivateKey(key);
    }
}
