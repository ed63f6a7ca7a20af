using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>The service manager's end of sd_notify(3).</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _messages = [];

    public NotifySocket()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _ = ReceiveAsync();
    }

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Path => _folder.File("notify");

    /// <summary>All messages so far.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Waits for a message with a line after those that are known already.</summary>
    /// <param name="line">The line.</param>
    /// <param name="after">How many messages to pass over.</param>
    /// <returns>How many messages there are up to that one.</returns>
    public async Task<int> WaitAsync(string line, int after = 0)
    {
        int found = 0;
        await Wait.UntilAsync(line, TimeSpan.FromSeconds(20), () => (found = Find(line, after)) > 0);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }

    private int Find(string line, int after)
    {
        IReadOnlyList<string> messages = Messages;
        for (int i = after; i < messages.Count; i++)
        {
            if (Array.IndexOf(messages[i].Split('\n'), line) >= 0)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[8192];
        try
        {
            while (true)
            {
                int size = await _socket.ReceiveAsync(buffer);
                lock (_messages)
                {
                    _messages.Add(Encoding.UTF8.GetString(buffer, 0, size));
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
