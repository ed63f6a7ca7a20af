using System;
using System.Net.Sockets;
using System.Text;

namespace MapAgent.Hosting;

/// <summary>
/// The agent's end of sd_notify(3). Who watches over the agent may have ended, or not be reading: a message that cannot be given away at
/// once is lost, and nothing waits for it.
/// </summary>
/// <remarks>SystemdNotifier of Microsoft.Extensions.Hosting.Systemd waits for room, and throws when nobody is there.</remarks>
/// <param name="address">NOTIFY_SOCKET: a path, or a name in the abstract space behind an @; null or empty for none.</param>
internal sealed class SupervisorSocket(string? address) : IDisposable
{
    private Socket? _socket;
    private bool _disposed;

    /// <summary>True when there is somebody to tell.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(address);

    /// <summary>Sends one datagram, without waiting. Not for two threads at once.</summary>
    /// <param name="state">Lines of NAME=value.</param>
    /// <returns>Why it was not taken; null when it was, or when there is nobody to tell.</returns>
    public string? Send(string state)
    {
        if (!IsEnabled || _disposed)
        {
            return null;
        }

        if (address![0] is not ('/' or '@'))
        {
            return "it is neither a path nor an abstract name";
        }

        try
        {
            // Not connected: a supervisor that starts again makes its socket anew.
            _socket ??= new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            _socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode switch
            {
                SocketError.WouldBlock => "nobody reads it",
                SocketError.ConnectionRefused => "nobody listens to it",
                // .NET's word for ENOENT.
                SocketError.AddressNotAvailable => "it is not there",
                _ => error.Message,
            };
        }
        catch (ArgumentException)
        {
            return "it is too long";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _socket?.Dispose();
    }
}
