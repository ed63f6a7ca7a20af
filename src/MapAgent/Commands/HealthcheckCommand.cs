using System;
using System.CommandLine;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Hosting;

namespace MapAgent.Commands;

/// <summary><c>mapagent healthcheck</c>: asks the running agent, for containers without a shell.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags)
    {
        Command command = new("healthcheck", "Exit 0 when the running agent is healthy; for containers.");
        command.SetAction((parsed, cancel) => RunAsync(flags, parsed, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentFlags flags, ParseResult parsed, CancellationToken cancel)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        IPEndPoint address = values.ListenAddresses[0];
        IPAddress host = address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : address.Address;
        Uri uri = new($"http://{new IPEndPoint(host, address.Port)}/-/healthy");
        try
        {
            using SocketsHttpHandler handler = new() { UseProxy = false };
            using HttpClient client = new(handler) { Timeout = s_patience };
            using HttpResponseMessage answer = await client.GetAsync(uri, cancel);
            return answer.IsSuccessStatusCode ? Exit.Done : Exit.With(Exit.Machine, [$"{uri} answers {(int)answer.StatusCode}"]);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return Exit.With(Exit.Machine, [$"{uri} does not answer: {error.Message}"]);
        }
    }
}
