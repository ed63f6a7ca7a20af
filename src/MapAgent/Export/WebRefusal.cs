namespace MapAgent.Export;

/// <summary>Why the server refused a request or a connection.</summary>
internal enum WebRefusal
{
    /// <summary>No password, or a wrong one.</summary>
    Unauthorized,

    /// <summary>A page that is not for this client: details that are off, or more than probes for a probe.</summary>
    Forbidden,

    /// <summary>Faster than <c>rate_limit</c>.</summary>
    RateLimit,

    /// <summary>More passwords to check than there is time for.</summary>
    PasswordBudget,

    /// <summary>More requests at once than <c>--web.max-requests</c>.</summary>
    MaxRequests,

    /// <summary>A connection that made room for another one.</summary>
    Connections,

    /// <summary>A connection without a TLS handshake that came to an end.</summary>
    Handshake,

    /// <summary>A client certificate that is missing, not trusted or not named.</summary>
    ClientCertificate,

    /// <summary>An answer that was not taken within its time.</summary>
    SlowReader,
}
