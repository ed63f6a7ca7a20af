using System;
using System.Collections.Generic;
using System.Threading;
using MapAgent.Export;
using MapAgent.Hosting.Configuration;
using MapAgent.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MapAgent.Hosting;

/// <summary>
/// The web configuration in force. Whoever begins a handshake or a request asks for it, and that is when a change of the file, or
/// of a certificate it names, is seen: by the stamps of the files, a microsecond each. A bad change leaves the policy from before in
/// force, and so does a certificate whose key has not been written yet.
/// </summary>
internal sealed class WebFile
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private WatchedFiles _files;
    private WebPolicy _policy;
    private long? _saidAt;

    private WebFile(string path, WebPolicy policy, WatchedFiles files, TimeProvider clock)
    {
        _path = path;
        _policy = policy;
        _files = files;
        _clock = clock;
        if (path.Length > 0)
        {
            Counts.Loaded(good: true, EndOf(policy));
        }
    }

    /// <summary>Counts readings, and takes the counts of the server.</summary>
    public WebCounts Counts { get; } = new();

    /// <summary>Takes what is wrong with a change.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Called with each policy that takes the place of another one.</summary>
    public Action<WebPolicy>? Accepted { get; set; }

    /// <summary>The policy in force at this moment.</summary>
    public WebPolicy Current
    {
        get
        {
            // Whoever comes while another one reads a change waits for it, but not for a filesystem that hangs.
            if (_path.Length > 0 && _lock.TryEnter(s_patience))
            {
                try
                {
                    if (_files.HaveChanged)
                    {
                        Reload();
                    }
                }
                finally
                {
                    _lock.Exit();
                }
            }

            return Volatile.Read(ref _policy);
        }
    }

    /// <summary>Reads the file for the first time.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <param name="clock">The time.</param>
    /// <param name="issues">Errors and warnings.</param>
    /// <returns>Null when there is an error.</returns>
    public static WebFile? Open(string path, TimeProvider clock, out IReadOnlyList<ConfigurationIssue> issues)
    {
        issues = [];
        WatchedFiles files = new();
        WebPolicy? policy = path.Length == 0 ? WebPolicy.Open : WebFileReader.Read(path, clock, files, out issues);
        return policy is null ? null : new WebFile(path, policy, files, clock);
    }

    private void Reload()
    {
        WatchedFiles files = new();
        WebPolicy? policy = WebFileReader.Read(_path, _clock, files, out IReadOnlyList<ConfigurationIssue> issues);
        _files = files;
        if (policy is not null && policy.Tls is null != _policy.Tls is null)
        {
            issues = [new ConfigurationIssue(_path, 0, "TLS is turned on and off by a restart only")];
            policy = null;
        }

        Counts.Loaded(policy is not null, EndOf(policy ?? _policy));
        Say(issues, policy is not null);
        if (policy is not null)
        {
            Volatile.Write(ref _policy, policy);
            Accepted?.Invoke(policy);
        }
    }

    // A file that somebody writes over and over must not fill the log.
    private void Say(IReadOnlyList<ConfigurationIssue> issues, bool good)
    {
        if (_saidAt is { } at && _clock.GetElapsedTime(at) < s_silence && !good)
        {
            return;
        }

        _saidAt = good ? null : _clock.GetTimestamp();
        foreach (ConfigurationIssue issue in issues)
        {
            Log.Issue(Logger, issue.ToString());
        }

        if (good)
        {
            Log.WebAccepted(Logger, _path);
        }
        else
        {
            Log.WebRefused(Logger, _path);
        }
    }

    private static long? EndOf(WebPolicy policy) =>
        policy.Tls is { } tls ? new DateTimeOffset(tls.Certificate.TargetCertificate.NotAfter).ToUnixTimeSeconds() : null;
}
