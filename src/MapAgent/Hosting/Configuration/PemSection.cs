using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>The certificates and the key of <c>tls_server_config</c>, from files or from the section itself.</summary>
internal sealed class PemSection(
    YamlNotes notes, WatchedFiles files, TimeProvider clock, YamlNode section, IReadOnlyDictionary<string, YamlNode> nodes)
{
    /// <summary>The server's certificate with its key and chain; null when there is an error.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The certificate lives as long as the policy that serves it.")]
    public SslStreamCertificateContext? Certificate()
    {
        string? certificate = Text("cert");
        string? key = Text("key");
        if (certificate is null || key is null)
        {
            return null;
        }

        YamlNode node = nodes.GetValueOrDefault("cert_file") ?? nodes["cert"];
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(certificate);
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificate, key);
            WarnOfDates(node, leaf);
            X509Certificate2Collection others = [.. chain.Skip(1)];
            // Offline: neither missing certificates nor their state are fetched from anywhere.
            return SslStreamCertificateContext.Create(leaf, others, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            notes.Error(node, $"certificate and key cannot be used: {Reason(error, key)}");
            return null;
        }
    }

    /// <summary>The authorities of clients; null when there is an error.</summary>
    public X509Certificate2Collection? Authorities()
    {
        if (Text("client_ca") is not { } text)
        {
            return null;
        }

        YamlNode node = nodes.GetValueOrDefault("client_ca_file") ?? nodes["client_ca"];
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException error)
        {
            notes.Error(node, $"authorities of clients cannot be used: {error.Message}");
            return null;
        }

        if (authorities.Count == 0)
        {
            notes.Error(node, "there is no certificate in it");
        }

        return authorities;
    }

    // The file wins over the text beside it, as in other exporters.
    private string? Text(string name)
    {
        string? path = Value(name + "_file");
        string? inline = Value(name);
        if (path is null)
        {
            if (inline is null)
            {
                notes.Error(section, $"tls_server_config needs one of {name} and {name}_file");
            }

            return inline;
        }

        YamlNode node = nodes[name + "_file"];
        if (inline is not null)
        {
            notes.Warn(node, $"{name} and {name}_file are both given; the file is used");
        }

        // Relative to the file that names it.
        path = Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(notes.Path))!);
        files.Add(path);
        try
        {
            string text = files.Read(path);
            if (name == "key" && files.IsReadableByAll(path))
            {
                notes.Warn(node, $"{path}: everybody on this node can read the private key; chmod o-r mends it");
            }

            return text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            notes.Error(node, $"{name}_file {path}: {error.Message}");
            return null;
        }
    }

    private string? Value(string name) => nodes.GetValueOrDefault(name) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private void WarnOfDates(YamlNode node, X509Certificate2 certificate)
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        if (now > certificate.NotAfter.ToUniversalTime())
        {
            notes.Warn(node, string.Create(CultureInfo.InvariantCulture, $"the certificate has expired at {certificate.NotAfter.ToUniversalTime():u}"));
        }
        else if (now < certificate.NotBefore.ToUniversalTime())
        {
            notes.Warn(node, string.Create(CultureInfo.InvariantCulture, $"the certificate is valid only from {certificate.NotBefore.ToUniversalTime():u}"));
        }
    }

    private static string Reason(Exception error, string key) => key.Contains("ENCRYPTED", StringComparison.Ordinal)
        ? "the key is encrypted; there is nobody to ask for its password"
        : error.Message;
}
