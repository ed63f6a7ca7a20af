using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MapAgent.Web;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>Reads the section <c>tls_server_config</c> of a web configuration.</summary>
internal sealed class TlsSectionReader(YamlNotes notes, WatchedFiles files, TimeProvider clock)
{
    private static readonly string[] s_keys =
    [
        "cert", "key", "client_ca", "cert_file", "key_file", "client_ca_file", "client_auth_type", "client_allowed_sans", "min_version",
        "max_version", "cipher_suites", "prefer_server_cipher_suites", "curve_preferences",
    ];

    // These say that TLS is wanted; the others only shape it.
    private static readonly string[] s_wanting = ["cert", "key", "client_ca", "cert_file", "key_file", "client_ca_file", "client_auth_type"];

    // By number, because the file chooses: .NET calls the names of the old ones obsolete, and those of the new ones too hard a choice.
    private static readonly SslProtocols[] s_protocols = [(SslProtocols)192, (SslProtocols)768, (SslProtocols)3072, (SslProtocols)12288];
    private readonly Dictionary<string, YamlNode> _nodes = [];
    private readonly List<TlsCipherSuite> _suites = [];
    private YamlNode _section = new YamlScalarNode();
    private HashSet<string>? _names;
    private ClientAuthentication _clients;
    private int _least = 2;
    private int _most = 3;
    private SslStreamCertificateContext? _certificate;
    private X509Certificate2Collection? _authorities;

    /// <summary>Reads the entries.</summary>
    public void Take(YamlScalarNode section, YamlNode node)
    {
        _section = section;
        foreach ((YamlScalarNode key, YamlNode value) in notes.Entries(node, "tls_server_config"))
        {
            if (s_keys.Contains(key.Value))
            {
                TakeKey(key.Value!, value);
            }
            else
            {
                notes.Error(key, YamlNotes.Unknown(key.Value!, s_keys));
            }
        }
    }

    /// <summary>Judges the section as a whole and reads the certificates.</summary>
    public void Finish(bool http2)
    {
        if (!s_wanting.Any(Has))
        {
            if (_nodes.Count > 0)
            {
                notes.Warn(_section, "tls_server_config names no certificate, so plain HTTP is served");
            }

            return;
        }

        if (_least > _most)
        {
            notes.Error(_nodes.GetValueOrDefault("min_version", _section), "min_version is newer than max_version");
        }

        if (http2 && _suites.Count > 0 && _least < 3 && !_suites.Exists(TlsWords.NeededForHttp2.Contains))
        {
            notes.Error(_nodes["cipher_suites"], $"cipher_suites needs {string.Join(" or ", TlsWords.NeededForHttp2)} for HTTP/2; or set http_server_config.http2 to false");
        }

        PemSection pem = new(notes, files, clock, _section, _nodes);
        _certificate = pem.Certificate();
        FinishClients(pem);
    }

    /// <summary>The policy of a section without errors; null when it asks for no TLS.</summary>
    public TlsPolicy? Build() => _certificate is null ? null : new TlsPolicy
    {
        Certificate = _certificate,
        Clients = _clients,
        ClientAuthorities = _authorities,
        ClientNames = _names,
        Protocols = s_protocols[_least..(_most + 1)].Aggregate(SslProtocols.None, static (all, one) => all | one),
        Ciphers = _suites.Count > 0 && OperatingSystem.IsLinux() ? new CipherSuitesPolicy([.. _suites.Union(TlsWords.Newest)]) : null,
    };

    private void FinishClients(PemSection pem)
    {
        if (Has("client_ca") || Has("client_ca_file"))
        {
            _authorities = pem.Authorities();
            if (_clients == ClientAuthentication.None)
            {
                notes.Error(First("client_ca_file", "client_ca"), "authorities of clients are given, but client_auth_type does not ask clients for a certificate");
            }
        }
        else if (_clients is ClientAuthentication.RequireAndVerify or ClientAuthentication.VerifyIfGiven)
        {
            notes.Warn(First("client_auth_type"), "without client_ca_file a certificate of any authority that this system trusts lets a client in");
        }

        if (_names is not null && _clients is not (ClientAuthentication.RequireAny or ClientAuthentication.RequireAndVerify))
        {
            notes.Error(First("client_allowed_sans"), "client_allowed_sans needs a client_auth_type of RequireAndVerifyClientCert or RequireAnyClientCert");
        }

        if (_clients == ClientAuthentication.RequireAny)
        {
            notes.Warn(First("client_auth_type"), "a certificate that nobody verifies can be made by anybody; RequireAndVerifyClientCert is the safe value");
        }
    }

    private void TakeKey(string name, YamlNode value)
    {
        _nodes[name] = value;
        switch (name)
        {
            case "client_auth_type":
                TakeClients(value);
                break;
            case "client_allowed_sans":
                _names = value is YamlSequenceNode || !IsNull(value) ? [.. Texts(name, value)] : null;
                break;
            case "min_version":
                _least = Version(name, value, _least);
                break;
            case "max_version":
                _most = Version(name, value, _most);
                break;
            case "cipher_suites":
                TakeSuites(value);
                break;
            case "curve_preferences":
                TakeCurves(value);
                break;
            case "prefer_server_cipher_suites":
                TakePreference(value);
                break;
            default:
                if (value is not YamlScalarNode)
                {
                    notes.Error(value, $"{name} must be text");
                }

                break;
        }
    }

    private void TakeClients(YamlNode value)
    {
        if (value is not YamlScalarNode { Value: { } word } || !TlsWords.Clients.TryGetValue(IsNull(value) ? "" : word, out _clients))
        {
            notes.Error(value, $"client_auth_type must be one of {string.Join(", ", TlsWords.Clients.Keys.Skip(1))}");
        }
    }

    private void TakeSuites(YamlNode value)
    {
        foreach (string name in Texts("cipher_suites", value))
        {
            if (TlsWords.Suites.TryGetValue(name, out TlsCipherSuite suite))
            {
                _suites.Add(suite);
            }
            else
            {
                notes.Error(value, $"unknown cipher {name}; known: {string.Join(", ", TlsWords.Suites.Keys)}");
            }
        }
    }

    private void TakeCurves(YamlNode value)
    {
        string[] names = [.. Texts("curve_preferences", value)];
        foreach (string name in names.Except(TlsWords.Curves))
        {
            notes.Error(value, $"unknown curve {name}; known: {string.Join(", ", TlsWords.Curves)}");
        }

        if (names.Length > 0)
        {
            notes.Warn(value, "curve_preferences has no effect: .NET leaves the choice to the system's OpenSSL, whose configuration has Groups for it");
        }
    }

    private void TakePreference(YamlNode value)
    {
        if (!YamlSwitch.TryParse(value, out bool preferred))
        {
            notes.Error(value, "prefer_server_cipher_suites must be true or false");
        }
        else if (!preferred)
        {
            notes.Warn(value, "prefer_server_cipher_suites has no effect: the server's order holds");
        }
    }

    private int Version(string name, YamlNode value, int before)
    {
        int version = TlsWords.Versions.ToList().IndexOf((value as YamlScalarNode)?.Value ?? "");
        if (version < 0)
        {
            notes.Error(value, $"{name} must be one of {string.Join(", ", TlsWords.Versions)}");
        }
        else if (version < 2)
        {
            notes.Warn(value, $"{name}: TLS 1.0 and 1.1 are spoken only if the system's OpenSSL still does, and are not safe");
        }

        return version < 0 ? before : version;
    }

    private IEnumerable<string> Texts(string name, YamlNode value)
    {
        if (value is not YamlSequenceNode list)
        {
            if (!IsNull(value))
            {
                notes.Error(value, $"{name} must be a list of texts");
            }

            yield break;
        }

        foreach (YamlNode item in list)
        {
            if (item is YamlScalarNode { Value: { } text })
            {
                yield return text;
            }
            else
            {
                notes.Error(item, $"{name} must be a list of texts");
            }
        }
    }

    private bool Has(string name) => _nodes.GetValueOrDefault(name) is YamlScalarNode { Value.Length: > 0 } node && !IsNull(node);

    private YamlNode First(params string[] names) => names.Select(_nodes.GetValueOrDefault).FirstOrDefault(static node => node is not null) ?? _section;

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or null or "~" or "null" };
}
