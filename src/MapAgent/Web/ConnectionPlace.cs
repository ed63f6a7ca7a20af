using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MapAgent.Web;

/// <summary>One open connection as the gate knows it. Requests find it among the features of their connection.</summary>
internal sealed class ConnectionPlace(ConnectionContext connection, long opened)
{
    private readonly ConnectionContext _connection = connection;

    /// <summary>Who connected; null where that has no address.</summary>
    public IPAddress? From { get; } = (connection.RemoteEndPoint as IPEndPoint)?.Address;

    /// <summary>When it was opened, or answered last.</summary>
    public long LastUse { get; set; } = opened;

    /// <summary>Requests that are being answered.</summary>
    public int Busy { get; set; }

    /// <summary>True once a request was answered.</summary>
    public bool HasServed { get; set; }

    /// <summary>True when a TLS handshake came to a good end.</summary>
    public bool HasShakenHands { get; set; }

    /// <summary>True when the client showed the server's own certificate, as the agent's own health check does.</summary>
    public bool IsOwn { get; set; }

    /// <summary>True when that certificate was all that let it in.</summary>
    public bool IsForProbesOnly { get; set; }

    /// <summary>True when it was refused, and that is counted.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Ends it at once.</summary>
    public void Abort() => _connection.Abort(new ConnectionAbortedException("the place was needed"));
}
