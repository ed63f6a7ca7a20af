using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Web;

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
        WebFile? webFile = WebFile.Open(values.WebConfigFile, TimeProvider.System, out IReadOnlyList<ConfigurationIssue> issues);
        Uri Address(string scheme) => new($"{scheme}://{new IPEndPoint(host, address.Port)}/-/healthy");
        if (webFile is not null)
        {
            TlsPolicy? tls = webFile.Current.Tls;
            string? trouble = await AskAsync(Address(tls is null ? "http" : "https"), tls, static () => { }, cancel);
            return trouble is null ? Exit.Done : Exit.With(Exit.Machine, [trouble]);
        }

        // The agent has refused this file and goes on with the one before, of which nothing is known here. That must not make it look
        // ill: a typing error in a file that all agents share would end them all.
        bool shook = false;
        if (await AskAsync(Address("http"), null, static () => { }, cancel) is null
            || await AskAsync(Address("https"), null, () => shook = true, cancel) is not { } unanswered)
        {
            return Exit.Done;
        }

        string[] errors = [.. issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString())];
        if (shook)
        {
            await Console.Error.WriteLineAsync($"an agent serves TLS; more cannot be told while the web configuration is no good:\n{string.Join('\n', errors)}");
            return Exit.Done;
        }

        return Exit.With(Exit.Machine, [unanswered, .. errors]);
    }

    /// <summary>Asks once.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    private static async Task<string?> AskAsync(Uri uri, TlsPolicy? tls, Action shook, CancellationToken cancel)
    {
        try
        {
            using SocketsHttpHandler handler = new() { UseProxy = false, SslOptions = Options(tls, shook) };
            using HttpClient client = new(handler) { Timeout = s_patience };
            using HttpResponseMessage answer = await client.GetAsync(uri, cancel);
            return answer.IsSuccessStatusCode ? null : $"{uri} answers {(int)answer.StatusCode}{Hint(answer.StatusCode)}";
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return $"{uri} does not answer: {error.InnerException?.Message ?? error.Message}";
        }
    }

    private static string Hint(HttpStatusCode status) => status == HttpStatusCode.Unauthorized ? "; --web.exempt-probes=false keeps it from answering" : "";

    // It is the agent of this very address and configuration that is asked, so its name is no matter. Where it wants a certificate,
    // its own is shown: that opens /-/healthy and nothing else.
    private static SslClientAuthenticationOptions Options(TlsPolicy? tls, Action shook) => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            shook();
            return certificate is not null;
        },
        LocalCertificateSelectionCallback = tls is null ? null : (_, _, _, _, _) => tls.Certificate.TargetCertificate,
    };
}
