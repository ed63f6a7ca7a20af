using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using MapAgent.Web;
using Xunit;

namespace MapAgent.Tests.Hosting;

/// <summary>The format that exporters share: what other exporters take or refuse is taken or refused here.</summary>
public sealed class WebFileReaderTests : IDisposable
{
    private const string Pair = "cert_file: server.crt, key_file: server.key";
    private readonly WebFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("tls_server_config:\nbasic_auth_users:\n")]
    [InlineData("tls_server_config: { min_version: TLS13 }")]
    [InlineData($"tls_server_config: {{ {Pair} }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: '' }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: NoClientCert }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequestClientCert }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequireClientCert }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequireAnyClientCert }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: VerifyClientCertIfGiven }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: [a.test, 10.0.0.1] }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_auth_type: RequireAnyClientCert, client_allowed_sans: [a.test] }}")]
    [InlineData($"tls_server_config: {{ {Pair}, client_allowed_sans: }}")]
    [InlineData($"tls_server_config: {{ {Pair}, min_version: TLS12, max_version: TLS13 }}")]
    [InlineData($"tls_server_config: {{ {Pair}, min_version: TLS10, max_version: TLS12 }}")]
    [InlineData($"tls_server_config: {{ {Pair}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256] }}")]
    [InlineData($"tls_server_config: {{ {Pair}, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], prefer_server_cipher_suites: false }}")]
    [InlineData($"tls_server_config: {{ {Pair}, cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA], max_version: TLS12 }}\nhttp_server_config: {{ http2: false }}")]
    [InlineData($"tls_server_config: {{ {Pair}, cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA], min_version: TLS13 }}")]
    [InlineData($"tls_server_config: {{ {Pair}, curve_preferences: [CurveP256, CurveP384, CurveP521, X25519, X25519MLKEM768] }}")]
    [InlineData($"tls_server_config: {{ {Pair}, curve_preferences: [CurveP521] }}")]
    [InlineData("http_server_config: { http2: yes }")]
    [InlineData("http_server_config:\n  headers:\n    X-Frame-Options: deny\n    X-Content-Type-Options: nosniff\n    X-XSS-Protection: \"1\"\n    Strict-Transport-Security: max-age=31536000\n    Content-Security-Policy: default-src 'self'\n")]
    [InlineData("http_server_config: { headers: { X-Frame-Options: sameorigin } }")]
    [InlineData($"basic_auth_users: {{ alice: {WebFolder.Hash}, bob: {WebFolder.Hash} }}")]
    [InlineData($"tls_server_config: {{ {Pair} }}\nbasic_auth_users: {{ alice: {WebFolder.Hash} }}")]
    [InlineData("rate_limit: { interval: 0, burst: 0 }")]
    [InlineData("rate_limit: { interval: 1s, burst: 10 }")]
    [InlineData("rate_limit: { interval: 1m30s, burst: 10 }")]
    [InlineData("rate_limit: { interval: 250us, burst: 1 }")]
    [InlineData("rate_limit: { interval: 1000000, burst: 1 }")]
    [InlineData("rate_limit: { interval: \"1s\", burst: 0 }")]
    public void What_is_good_elsewhere_is_good_here(string yaml)
    {
        (WebPolicy? policy, string[] issues) = _folder.Read(yaml);

        Assert.True(policy is not null, string.Join('\n', issues));
        Assert.All(issues, static issue => Assert.Contains("warning: ", issue, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hahaha", 1, "must be a mapping")]
    [InlineData("- tls_server_config", 1, "must be a mapping")]
    [InlineData("tls_server_config: {", 2, "not valid YAML")]
    [InlineData("rate_limit:\nrate_limit:\n", 2, "not valid YAML")]
    [InlineData("tls_server_config:\n  cert_filse: server.crt\n", 2, "unknown key cert_filse; did you mean cert_file?")]
    [InlineData("\nbasic_auth_user: {}\n", 2, "unknown key basic_auth_user; did you mean basic_auth_users?")]
    [InlineData("basic_auth_excluded_paths: [/-/healthy]", 1, "unknown key basic_auth_excluded_paths")]
    [InlineData("tls_server_config:\n  cert_file: ''\n  key_file: server.key\n", 1, "one of cert and cert_file")]
    [InlineData("tls_server_config:\n  cert: ''\n  key_file: server.key\n", 1, "one of cert and cert_file")]
    [InlineData("tls_server_config:\n  cert_file: server.crt\n  key_file: ''\n", 1, "one of key and key_file")]
    [InlineData("tls_server_config:\n  cert_file: server.crt\n  key: ''\n", 1, "one of key and key_file")]
    [InlineData("tls_server_config:\n  cert_file: ''\n  key_file: ''\n  client_auth_type: RequireAnyClientCert\n", 1, "one of cert and cert_file")]
    [InlineData("tls_server_config:\n  client_ca_file: ca.crt\n", 1, "one of cert and cert_file")]
    [InlineData("tls_server_config:\n  cert_file: nowhere.crt\n  key_file: server.key\n", 2, "there is no such file")]
    [InlineData("tls_server_config:\n  cert_file: server.crt\n  key_file: nowhere.key\n", 3, "there is no such file")]
    [InlineData("tls_server_config:\n  cert_file: nowhere.crt\n  key_file: nowhere.key\n", 2, "there is no such file")]
    [InlineData("tls_server_config:\n  cert_file: server.crt\n  key_file: /dev/zero\n", 3, "no regular file")]
    [InlineData("tls_server_config:\n  cert_file: server.crt\n  key_file: ca.crt\n", 2, "cannot be used")]
    [InlineData("tls_server_config:\n  cert_file: empty.crt\n  key_file: server.key\n", 2, "cannot be used")]
    [InlineData("tls_server_config:\n  cert: [a]\n  key_file: server.key\n", 2, "cert must be text")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_ca_file: /dev/null }}", 2, "client_auth_type does not ask")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_ca_file: ca.crt, client_auth_type: NoClientCert }}", 2, "client_auth_type does not ask")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_ca_file: nowhere.crt, client_auth_type: RequireAndVerifyClientCert }}", 2, "there is no such file")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_ca_file: empty.crt, client_auth_type: RequireAndVerifyClientCert }}", 2, "no certificate in it")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_ca: nothing, client_auth_type: RequireAndVerifyClientCert }}", 2, "no certificate in it")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_auth_type: Always }}", 2, "client_auth_type must be one of")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_allowed_sans: [a.test] }}", 2, "client_allowed_sans needs")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_allowed_sans: [] }}", 2, "client_allowed_sans needs")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_allowed_sans: [a.test], client_auth_type: VerifyClientCertIfGiven }}", 2, "client_allowed_sans needs")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, client_allowed_sans: a.test, client_auth_type: RequireAnyClientCert }}", 2, "must be a list")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, cipher_suites: [TLS_MADE_UP] }}", 2, "unknown cipher TLS_MADE_UP")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] }}", 2, "unknown cipher TLS_RSA_WITH_RC4_128_SHA")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA], max_version: TLS12 }}", 2, "for HTTP/2")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, curve_preferences: [CurveP257] }}", 2, "unknown curve CurveP257")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, min_version: TLS14 }}", 2, "min_version must be one of")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, max_version: tls12 }}", 2, "max_version must be one of")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, min_version: TLS13, max_version: TLS12 }}", 2, "newer than max_version")]
    [InlineData($"tls_server_config:\n  {{ {Pair}, prefer_server_cipher_suites: perhaps }}", 2, "must be true or false")]
    [InlineData("http_server_config:\n  http2: perhaps\n", 2, "http2 must be true or false")]
    [InlineData("http_server_config:\n  http3: true\n", 2, "unknown key http3; did you mean http2?")]
    [InlineData("http_server_config:\n  headers:\n    X-Content-Type-Options: sniff\n", 3, "it must be nosniff")]
    [InlineData("http_server_config:\n  headers:\n    X-Frame-Options: allow\n", 3, "it must be deny or sameorigin")]
    [InlineData("http_server_config:\n  headers:\n    Server: me\n", 3, "the header Server cannot be set")]
    [InlineData("http_server_config:\n  headers:\n    X-XSS-Protection: \"1\\r\\nSet-Cookie: a\"\n", 3, "printable ASCII")]
    [InlineData("basic_auth_users:\n  john: doe\n", 2, "john is no bcrypt hash")]
    [InlineData("basic_auth_users:\n  john:\n", 2, "john is no bcrypt hash")]
    [InlineData("basic_auth_users:\n  john: $2y$99$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze\n", 2, "john is no bcrypt hash")]
    [InlineData("basic_auth_users: [john]", 1, "must be a mapping")]
    [InlineData("rate_limit:\n  interval: often\n", 2, "must be a duration")]
    [InlineData("rate_limit:\n  interval: -1s\n", 2, "must be a duration")]
    [InlineData("rate_limit:\n  burst: -1\n", 2, "must be a whole number")]
    public void What_is_bad_elsewhere_is_bad_here_with_its_line(string yaml, int line, string message)
    {
        (WebPolicy? policy, string[] issues) = _folder.Read(yaml);

        Assert.Null(policy);
        Assert.Contains(issues, issue => issue.StartsWith($"web.yml:{line}: ", StringComparison.Ordinal) && issue.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_bad()
    {
        WebPolicy? policy = MapAgent.Hosting.Configuration.WebFileReader.Read(
            _folder.PathOf("somefile"), TimeProvider.System, new(), out System.Collections.Generic.IReadOnlyList<MapAgent.Hosting.Configuration.ConfigurationIssue> issues);

        Assert.Null(policy);
        Assert.Equal("there is no such file", Assert.Single(issues).Message);
    }

    [Theory]
    [InlineData($"{Pair}, curve_preferences: [X25519]", "curve_preferences has no effect")]
    [InlineData($"{Pair}, prefer_server_cipher_suites: false", "prefer_server_cipher_suites has no effect")]
    [InlineData($"{Pair}, min_version: TLS11", "are not safe")]
    [InlineData($"{Pair}, client_auth_type: RequireAndVerifyClientCert", "any authority that this system trusts")]
    [InlineData($"{Pair}, client_auth_type: RequireAnyClientCert", "can be made by anybody")]
    [InlineData($"{Pair}, cert: x", "both given; the file is used")]
    [InlineData("min_version: TLS12", "plain HTTP is served")]
    [InlineData("cert_file: server.crt, key_file: open.key", "everybody on this node can read the private key")]
    [InlineData("cert_file: old.crt, key_file: old.key", "the certificate has expired at ")]
    [InlineData("cert_file: young.crt, key_file: young.key", "the certificate is valid only from ")]
    public void What_cannot_be_done_or_is_unwise_is_said(string section, string warning)
    {
        File.Copy(_folder.PathOf("server.key"), _folder.PathOf("open.key"));
        File.SetUnixFileMode(_folder.PathOf("open.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        MapAgent.Tests.Web.TestCertificates.Write(Path.GetDirectoryName(_folder.File)!, "old", _folder.Certificates.Server(from: -9, until: -1));
        MapAgent.Tests.Web.TestCertificates.Write(Path.GetDirectoryName(_folder.File)!, "young", _folder.Certificates.Server(from: 1));

        (WebPolicy? policy, string[] issues) = _folder.Read($"tls_server_config: {{ {section} }}");

        Assert.NotNull(policy);
        Assert.Contains("warning: ", Assert.Single(issues), StringComparison.Ordinal);
        Assert.Contains(warning, issues[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_arrives()
    {
        WebPolicy policy = _folder.Read($$"""
            tls_server_config:
              cert_file: server.crt
              key_file: server.key
              client_auth_type: RequireAndVerifyClientCert
              client_ca_file: ca.crt
              client_allowed_sans: [prometheus.test]
              min_version: TLS13
              max_version: TLS13
              cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
            http_server_config:
              http2: false
              headers: { X-Frame-Options: deny, X-XSS-Protection: "" }
            basic_auth_users: { alice: {{WebFolder.Hash}} }
            rate_limit: { interval: 100ms, burst: 7 }
            """).Policy!;

        TlsPolicy tls = policy.Tls!;
        Assert.Equal("CN=server", tls.Certificate.TargetCertificate.Subject);
        Assert.True(tls.Certificate.TargetCertificate.HasPrivateKey);
        Assert.Equal(ClientAuthentication.RequireAndVerify, tls.Clients);
        Assert.Equal("CN=an authority", Assert.Single(tls.ClientAuthorities!).Subject);
        Assert.Equal(["prometheus.test"], tls.ClientNames!);
        Assert.Equal((SslProtocols)12288, tls.Protocols);
        SslServerAuthenticationOptions options = tls.Options(policy.Http2, static (_, certificate, _, _) => certificate is not null);
        Assert.Equal([SslApplicationProtocol.Http11], options.ApplicationProtocols!);
        Assert.True(options.ClientCertificateRequired);
        Assert.Contains(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, options.CipherSuitesPolicy!.AllowedCipherSuites);
        Assert.Contains(TlsCipherSuite.TLS_AES_128_GCM_SHA256, options.CipherSuitesPolicy.AllowedCipherSuites);
        Assert.Equal(["X-Frame-Options"], policy.Headers.Select(static header => header.Key));
        Assert.Equal(WebFolder.Hash, policy.Users["alice"]);
        Assert.Equal((TimeSpan.FromMilliseconds(100), 7), (policy.RateInterval, policy.RateBurst));
        Assert.True(policy.Authenticates);
    }

    [Fact]
    public void Certificates_may_stand_in_the_file_itself()
    {
        string Indent(string name) => File.ReadAllText(_folder.PathOf(name)).TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal);

        (WebPolicy? policy, string[] issues) = _folder.Read(
            $"tls_server_config:\n  client_auth_type: RequireAndVerifyClientCert\n  cert: |\n    {Indent("server.crt")}\n  key: |\n    {Indent("server.key")}\n"
            + $"  client_ca: |\n    {Indent("ca.crt")}\n");

        Assert.Empty(issues);
        Assert.Single(policy!.Tls!.ClientAuthorities!);
        Assert.Equal("CN=server", policy.Tls.Certificate.TargetCertificate.Subject);
    }

    [Fact]
    public void No_secret_is_repeated_in_a_message()
    {
        (_, string[] issues) = _folder.Read("basic_auth_users: { john: hunter2 }\ntls_server_config: { cert: hunter2, key: hunter2 }\n");

        Assert.NotEmpty(issues);
        Assert.All(issues, static issue => Assert.DoesNotContain("hunter2", issue, StringComparison.Ordinal));
    }
}
