using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MapAgent.Web;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class ClientCertificateCheckTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly List<X509Certificate2> _servers = [];

    public void Dispose()
    {
        _servers.ForEach(static server => server.Dispose());
        _authority.Dispose();
    }

    [Theory]
    [InlineData("None", true, true, true)]
    [InlineData("Request", true, true, true)]
    [InlineData("RequireAny", false, true, true)]
    [InlineData("VerifyIfGiven", true, true, false)]
    [InlineData("RequireAndVerify", false, true, false)]
    public void Each_kind_lets_in_whom_it_should(string kind, bool none, bool good, bool strange)
    {
        TlsPolicy policy = Policy(Enum.Parse<ClientAuthentication>(kind));
        using X509Certificate2 client = Client();

        Assert.Equal(none, ClientCertificateCheck.Refusal(policy, null, SslPolicyErrors.RemoteCertificateNotAvailable) is null);
        Assert.Equal(good, ClientCertificateCheck.Refusal(policy, client, SslPolicyErrors.None) is null);
        Assert.Equal(strange, ClientCertificateCheck.Refusal(policy, client, SslPolicyErrors.RemoteCertificateChainErrors) is null);
    }

    [Theory]
    [InlineData("client.test", true)]
    [InlineData("scraper@client.test", true)]
    [InlineData("spiffe://client.test/scraper", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("CLIENT.test", false)]
    [InlineData("client", false)]
    [InlineData("*", false)]
    [InlineData(null, false)]
    public void A_client_must_bear_one_of_the_names(string? allowed, bool good)
    {
        TlsPolicy policy = Policy(ClientAuthentication.RequireAndVerify, allowed is null ? [] : ["other.test", allowed]);
        using X509Certificate2 client = Client();

        Assert.Equal(good, ClientCertificateCheck.Refusal(policy, client, SslPolicyErrors.None) is null);
    }

    [Fact]
    public void Authorities_of_the_policy_are_the_only_ones_and_servers_are_no_clients()
    {
        TlsPolicy policy = Policy(ClientAuthentication.RequireAndVerify);
        using TestCertificates other = new("another authority");
        using X509Certificate2 client = Client();
        using X509Certificate2 stranger = X509Certificate2.CreateFromPem(other.Client().Certificate);
        using X509Certificate2 server = X509Certificate2.CreateFromPem(_authority.Server().Certificate);
        using X509Certificate2 expired = X509Certificate2.CreateFromPem(_authority.Client(from: -5, until: -1).Certificate);

        Assert.True(Builds(policy, client));
        Assert.False(Builds(policy, stranger));
        Assert.False(Builds(policy, server));
        Assert.False(Builds(policy, expired));
    }

    [Fact]
    public void The_servers_own_certificate_is_known_again()
    {
        TlsPolicy policy = Policy(ClientAuthentication.RequireAndVerify);
        using X509Certificate2 client = Client();

        Assert.True(policy.IsOwn(policy.Certificate.TargetCertificate));
        Assert.False(policy.IsOwn(client));
        Assert.False(policy.IsOwn(null));
    }

    private static bool Builds(TlsPolicy policy, X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy = policy.ChainPolicy();
        return chain.Build(certificate);
    }

    private X509Certificate2 Client() => X509Certificate2.CreateFromPem(_authority.Client().Certificate);

    private TlsPolicy Policy(ClientAuthentication clients, string[]? names = null)
    {
        (string certificate, string key) = _authority.Server();
        X509Certificate2 server = X509Certificate2.CreateFromPem(certificate, key);
        _servers.Add(server);
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(_authority.Authority);
        return new TlsPolicy
        {
            Certificate = SslStreamCertificateContext.Create(server, null, offline: true),
            Clients = clients,
            ClientAuthorities = authorities,
            ClientNames = names is null ? null : new HashSet<string>(names),
        };
    }
}
