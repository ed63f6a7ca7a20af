using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;

namespace MapAgent.Identity;

/// <summary>
/// Names out of a list of pods, from the kubelet or the API server, over TLS with a service account's token. Both are read anew for
/// each lookup: the token is renewed every hour, and certificates are changed while the agent runs.
/// </summary>
internal sealed class PodListNames(SourceKind kind, Uri url, string tokenFile, string caFile) : NameSource(kind)
{
    private const int LongestFile = 1 << 20;

    /// <inheritdoc/>
    public override LookupOutcome Look(IReadOnlyList<UnnamedContainer> unnamed, FoundNames found, CancellationToken cancel)
    {
        try
        {
            using SocketsHttpHandler handler = Handler(Read(caFile));
            using HttpClient client = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("mapagent");
            using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!response.IsSuccessStatusCode)
            {
                return response.StatusCode switch
                {
                    HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => LookupOutcome.Denied,
                    HttpStatusCode.NotFound => LookupOutcome.Gone,
                    _ => LookupOutcome.Failed,
                };
            }

            // The body has no deadline of its own: whoever sends it byte by byte is cut off with the rest.
            using CancellationTokenRegistration end = cancel.Register(static body => ((HttpResponseMessage)body!).Dispose(), response);
            using Stream body = response.Content.ReadAsStream(cancel);
            return new PodListReader(found).Read(body);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException || cancel.IsCancellationRequested)
        {
            return LookupOutcome.Timeout;
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError => LookupOutcome.Untrusted,
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => LookupOutcome.Gone,
                HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse => LookupOutcome.Malformed,
                HttpRequestError.ConfigurationLimitExceeded => LookupOutcome.TooLarge,
                _ => LookupOutcome.Failed,
            };
        }
        catch (UnauthorizedAccessException)
        {
            return LookupOutcome.Denied;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // No token, no certificate: this is not a pod, or its service account is not mounted.
            return LookupOutcome.Denied;
        }
        catch (CryptographicException)
        {
            return LookupOutcome.Untrusted;
        }
        catch (IOException)
        {
            // The connection broke within the body.
            return LookupOutcome.Malformed;
        }
    }

    private static SocketsHttpHandler Handler(string authorities)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorities);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
    }

    private static string Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] text = new byte[Math.Clamp(file.Length, 0, LongestFile)];
        return Encoding.UTF8.GetString(text, 0, file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
    }

    private string Token()
    {
        string token = Read(tokenFile).Trim();
        // Anything else could break out of the header.
        return token.Length > 0 && token.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? token : throw new UnauthorizedAccessException("no token in " + tokenFile);
    }
}
