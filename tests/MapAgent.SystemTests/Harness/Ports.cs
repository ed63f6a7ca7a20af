using System.Net;
using System.Net.Sockets;

namespace MapAgent.SystemTests.Harness;

/// <summary>Ports on the loopback address that nobody uses.</summary>
internal static class Ports
{
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
