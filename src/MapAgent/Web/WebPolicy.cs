using System;
using System.Collections.Generic;

namespace MapAgent.Web;

/// <summary>What the web configuration file asks for, understood. Immutable: a change of the file makes another one.</summary>
internal sealed class WebPolicy
{
    /// <summary>What holds without a file: plain HTTP, nobody is asked who they are.</summary>
    public static WebPolicy Open { get; } = new();

    /// <summary>TLS; null for plain HTTP.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>True when HTTP/2 is offered over TLS.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Headers of every answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Users and the bcrypt hashes of their passwords.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Time between two requests in the long run; zero for no limit.</summary>
    public TimeSpan RateInterval { get; init; }

    /// <summary>Requests that may come at once.</summary>
    public int RateBurst { get; init; }

    /// <summary>True when whoever gets an answer has proved who they are.</summary>
    public bool Authenticates => Users.Count > 0 || Tls is { Clients: ClientAuthentication.RequireAndVerify };
}
