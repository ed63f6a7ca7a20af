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
        // A change that the agent has refused must not make it look ill: then it is asked for without a certificate.
        bool tls = webFile?.Current.Tls is not null || issues.Any(static issue => !issue.IsWarning);
        Uri uri = new($"{(tls ? "https" : "http")}://{new IPEndPoint(host, address.Port)}/-/healthy");
        try
        {
            using SocketsHttpHandler handler = new() { UseProxy = false };
            if (tls)
            {
                handler.SslOptions = Options(webFile?.Current.Tls);
            }

            using HttpClient client = new(handler) { Timeout = s_patience };
            using HttpResponseMessage answer = await client.GetAsync(uri, cancel);
            return answer.IsSuccessStatusCode ? Exit.Done : Exit.With(Exit.Machine, [$"{uri} answers {(int)answer.StatusCode}{Hint(answer.StatusCode)}"]);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return Exit.With(Exit.Machine, [$"{uri} does not answer: {error.InnerException?.Message ?? error.Message}"]);
        }
    }

    private static string Hint(HttpStatusCode status) => status == HttpStatusCode.Unauthorized ? "; --web.exempt-probes=false keeps it from answering" : "";

    // It is the agent of this very address and configuration that is asked, so its name is no matter. Where it wants a certificate,
    // its own is shown: that opens /-/healthy and nothing else.
    private static SslClientAuthenticationOptions Options(TlsPolicy? tls) => new()
    {
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        LocalCertificateSelectionCallback = tls is null ? null : (_, _, _, _, _) => tls.Certificate.TargetCertificate,
    };
}
