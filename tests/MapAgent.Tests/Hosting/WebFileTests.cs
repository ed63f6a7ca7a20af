using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Tests.Web;
using MapAgent.Web;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class WebFileTests : IDisposable
{
    private const string Tls = "tls_server_config: { cert_file: server.crt, key_file: server.key }\n";
    private readonly WebFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Lines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_everything_is_open()
    {
        WebFile file = WebFile.Open("", _clock, out IReadOnlyList<ConfigurationIssue> issues)!;

        Assert.Empty(issues);
        Assert.Same(WebPolicy.Open, file.Current);
        Assert.Empty(file.Counts.Loads());
        Assert.Empty(file.Counts.LastLoad());
    }

    [Fact]
    public void A_change_of_the_file_is_in_force_for_the_next_request()
    {
        WebFile file = Open($"basic_auth_users: {{ alice: {WebFolder.Hash} }}");
        List<WebPolicy> accepted = [];
        file.Accepted = accepted.Add;

        WebPolicy before = file.Current;
        Assert.Same(before, file.Current);
        _folder.Write("web.yml", $"basic_auth_users: {{ bob: {WebFolder.Hash} }}");

        Assert.Equal(["bob"], file.Current.Users.Keys);
        Assert.Same(file.Current, Assert.Single(accepted));
        Assert.Equal(("2", "0", 1), Counts(file));
    }

    [Fact]
    public void A_certificate_is_changed_only_as_a_pair()
    {
        WebFile file = Open(Tls);
        string before = Serial(file);
        (string certificate, string key) = _folder.Certificates.Server();

        _folder.Write("server.crt", certificate[..200]);
        Assert.Equal(before, Serial(file));
        _folder.Write("server.crt", certificate);
        Assert.Equal(before, Serial(file));
        Assert.Equal(("1", "2", 0), Counts(file));
        Assert.Equal(before, Serial(file));
        Assert.Equal(("1", "2", 0), Counts(file));

        _folder.Write("server.key", key);
        Assert.NotEqual(before, Serial(file));
        Assert.Equal(("2", "2", 1), Counts(file));
    }

    [Fact]
    public void A_link_that_is_turned_two_steps_up_is_seen()
    {
        // As a Kubernetes secret is mounted: server.crt -> ..data/server.crt, ..data -> ..one
        string root = _folder.PathOf("mount");
        Directory.CreateDirectory(root);
        foreach (string version in new[] { "..one", "..two" })
        {
            Directory.CreateDirectory(Path.Combine(root, version));
            TestCertificates.Write(Path.Combine(root, version), "server", _folder.Certificates.Server());
        }

        File.CreateSymbolicLink(Path.Combine(root, "..data"), "..one");
        File.CreateSymbolicLink(Path.Combine(root, "server.crt"), "..data/server.crt");
        File.CreateSymbolicLink(Path.Combine(root, "server.key"), "..data/server.key");
        WebFile file = Open("tls_server_config: { cert_file: mount/server.crt, key_file: mount/server.key }");
        string before = Serial(file);

        File.Delete(Path.Combine(root, "..data"));
        File.CreateSymbolicLink(Path.Combine(root, "..data"), "..two");

        Assert.NotEqual(before, Serial(file));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("basic_auth_users: { alice: nonsense }")]
    [InlineData("tls_server_config: { cert_file: server.crt, key_file: server.key, client_ca_file: nowhere }")]
    [InlineData("")]
    public void A_bad_change_leaves_what_was_in_force(string yaml)
    {
        WebFile file = Open(Tls);
        WebPolicy before = file.Current;

        _folder.Write("web.yml", yaml);

        Assert.Same(before, file.Current);
        Assert.Equal(("1", "1", 0), Counts(file));
        Assert.NotEmpty(_log.All);
    }

    [Fact]
    public void A_file_that_is_removed_leaves_what_was_in_force_until_it_is_back()
    {
        WebFile file = Open(Tls);
        WebPolicy before = file.Current;

        File.Delete(_folder.File);
        Assert.Same(before, file.Current);
        _folder.Write("web.yml", Tls + "rate_limit: { interval: 1s, burst: 1 }");

        Assert.Equal(1, file.Current.RateBurst);
    }

    [Fact]
    public void A_file_that_is_spoilt_over_and_over_does_not_fill_the_log()
    {
        WebFile file = Open(Tls);
        for (int i = 0; i < 50; i++)
        {
            _folder.Write("web.yml", $"nonsense{new string('!', i)}");
            _ = file.Current;
            _clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(("1", "50", 0), Counts(file));
        // Two lines for each of three times: the issue, and that it is refused.
        Assert.Equal(6, _log.All.Count);
    }

    [Fact]
    public void The_end_of_the_certificate_is_told()
    {
        WebFile file = Open(Tls);

        double expected = new DateTimeOffset(file.Current.Tls!.Certificate.TargetCertificate.NotAfter).ToUnixTimeSeconds();
        Assert.Equal(expected, Assert.Single(file.Counts.CertificateEnd()).Value);
    }

    private static string Serial(WebFile file) => file.Current.Tls!.Certificate.TargetCertificate.SerialNumber;

    private static (string Good, string Failed, double Last) Counts(WebFile file)
    {
        Point[] loads = [.. file.Counts.Loads()];
        return ($"{loads[0].Value}", $"{loads[1].Value}", file.Counts.LastLoad().Single().Value);
    }

    private WebFile Open(string yaml)
    {
        _folder.Write("web.yml", yaml);
        WebFile file = WebFile.Open(_folder.File, _clock, out _)!;
        file.Logger = _log;
        return file;
    }
}
