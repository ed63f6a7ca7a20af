using System;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using MapAgent.Export;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MapAgent.Web;

/// <summary>Gives each TLS handshake the certificate and the rules that are in force at that moment.</summary>
internal sealed class TlsHandshakes(Func<WebPolicy> current, Refusals refusals)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>What Kestrel asks at the start of a handshake.</summary>
    public TlsHandshakeCallbackOptions Options() => new()
    {
        HandshakeTimeout = s_patience,
        OnConnection = context => ValueTask.FromResult(Choose(context.Connection)),
    };

    private SslServerAuthenticationOptions Choose(BaseConnectionContext connection)
    {
        WebPolicy policy = current();
        TlsPolicy tls = policy.Tls ?? throw new InvalidOperationException("TLS cannot be turned off while it is served");
        return tls.Options(policy.Http2, (_, certificate, _, errors) => Judge(tls, connection, certificate, errors));
    }

    private bool Judge(TlsPolicy tls, BaseConnectionContext connection, X509Certificate? certificate, SslPolicyErrors errors)
    {
        string? why = ClientCertificateCheck.Refusal(tls, certificate as X509Certificate2, errors);
        ConnectionPlace? place = connection.Features.Get<ConnectionPlace>();
        if (place is not null && tls.IsOwn(certificate))
        {
            // Whoever holds the server's key may ask how the server is, and nothing else.
            place.IsOwn = true;
            place.IsForProbesOnly = why is not null;
            return true;
        }

        if (why is not null)
        {
            if (place is not null)
            {
                place.IsRefused = true;
            }

            refusals.Add(WebRefusal.ClientCertificate, (connection.RemoteEndPoint as IPEndPoint)?.Address, why);
        }

        return why is null;
    }
}
