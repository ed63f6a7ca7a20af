namespace MapAgent.Web;

/// <summary>What a TLS client must show, by the words of <c>client_auth_type</c>.</summary>
internal enum ClientAuthentication
{
    /// <summary>NoClientCert: it is not asked.</summary>
    None,

    /// <summary>RequestClientCert: it is asked, and anything will do.</summary>
    Request,

    /// <summary>RequireAnyClientCert, RequireClientCert: a certificate of whomever.</summary>
    RequireAny,

    /// <summary>VerifyClientCertIfGiven: none, or a good one.</summary>
    VerifyIfGiven,

    /// <summary>RequireAndVerifyClientCert: a good one. The only value that authenticates.</summary>
    RequireAndVerify,
}
