using System;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>How far the server can be reached, and what it shows there.</summary>
/// <param name="BeyondLoopback">True when it listens on an address that other hosts may reach.</param>
/// <param name="DisableDetails">What the flag says; null when nobody says.</param>
internal sealed record Exposure(bool BeyondLoopback, bool? DisableDetails)
{
    /// <summary>True when details of processes are shown: when it is said, else to loopback and to clients who prove who they are.</summary>
    public bool ShowsDetails(WebPolicy policy) => DisableDetails is { } disabled ? !disabled : !BeyondLoopback || policy.Authenticates;

    /// <summary>
    /// The same for one request. Loopback alone is no proof: a page of the web can have a browser of this node ask under a name of its own
    /// that leads here (DNS rebinding), and only the name tells.
    /// </summary>
    /// <param name="policy">In force.</param>
    /// <param name="host">The header Host.</param>
    public bool ShowsDetails(WebPolicy policy, HostString host) =>
        ShowsDetails(policy) && (DisableDetails is not null || policy.Authenticates || IsOfThisNode(host.Host));

    /// <summary>What an operator should know, once; null when there is nothing to say.</summary>
    public string? Remark(WebPolicy policy) => (BeyondLoopback, policy.Authenticates, ShowsDetails(policy)) switch
    {
        (true, false, false) when DisableDetails is null =>
            "details of processes (/api/ and the figures of the page /) are off, because other hosts may connect and nobody is asked who they are; "
            + "basic_auth_users or RequireAndVerifyClientCert in --web.config.file turn them on, and so does --web.disable-details=false",
        (true, false, true) => "--web.disable-details=false shows details of processes to everybody who can connect",
        _ when policy is { Tls: null, Users.Count: > 0 } && BeyondLoopback => "passwords travel in the clear, because --web.config.file has no TLS certificate",
        _ => null,
    };

    // Clients that send no name are no browsers.
    private static bool IsOfThisNode(string? name) =>
        string.IsNullOrEmpty(name) || name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(name, out _);
}
