using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>Requests that no HTTP client would send.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Opens a connection.</summary>
    public static async Task<TcpClient> ConnectAsync(int port)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends bytes and reads until the other side closes, or keeps still after a whole answer to a request that said close.</summary>
    /// <returns>The whole answer as text.</returns>
    public static async Task<string> SendAsync(int port, string request)
    {
        using TcpClient client = await ConnectAsync(port);
        NetworkStream stream = client.GetStream();
        using CancellationTokenSource late = new(s_patience);
        MemoryStream answer = new();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), late.Token);
            await stream.CopyToAsync(answer, late.Token);
        }
        catch (IOException)
        {
            // The server closes while there is input left that it refused; its answer came before.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The status of an answer.</summary>
    public static int Status(string answer) => int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
