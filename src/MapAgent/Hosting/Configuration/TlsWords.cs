using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using MapAgent.Web;

namespace MapAgent.Hosting.Configuration;

/// <summary>The words of Go's TLS, as exporters' files use them.</summary>
internal static class TlsWords
{
    /// <summary>Kinds of client authentication.</summary>
    public static IReadOnlyDictionary<string, ClientAuthentication> Clients { get; } = new Dictionary<string, ClientAuthentication>
    {
        [""] = ClientAuthentication.None,
        ["NoClientCert"] = ClientAuthentication.None,
        ["RequestClientCert"] = ClientAuthentication.Request,
        ["RequireClientCert"] = ClientAuthentication.RequireAny,
        ["RequireAnyClientCert"] = ClientAuthentication.RequireAny,
        ["VerifyClientCertIfGiven"] = ClientAuthentication.VerifyIfGiven,
        ["RequireAndVerifyClientCert"] = ClientAuthentication.RequireAndVerify,
    };

    /// <summary>Versions, oldest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["TLS10", "TLS11", "TLS12", "TLS13"];

    /// <summary>Curves.</summary>
    public static IReadOnlyList<string> Curves { get; } = ["CurveP256", "CurveP384", "CurveP521", "X25519", "X25519MLKEM768"];

    /// <summary>Suites of TLS 1.3, which are always offered.</summary>
    public static IReadOnlyList<TlsCipherSuite> Newest { get; } =
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    /// <summary>Suites of which a server that speaks HTTP/2 must offer one, RFC 9113 9.2.2.</summary>
    public static IReadOnlyList<TlsCipherSuite> NeededForHttp2 { get; } =
        [TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    /// <summary>All suites that Go takes for safe, and those with RSA key exchange that it took for safe until 1.22.</summary>
    public static IReadOnlyDictionary<string, TlsCipherSuite> Suites { get; } = new TlsCipherSuite[]
    {
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384,
    }.ToDictionary(static suite => suite.ToString());
}
