using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using MapAgent.Web;
using YamlDotNet.RepresentationModel;

namespace MapAgent.Hosting.Configuration;

/// <summary>
/// Reads the file of <c>--web.config.file</c>, in the format that Prometheus exporters share (exporter-toolkit's), and the
/// certificates it names. Every error is found in one run.
/// </summary>
internal sealed partial class WebFileReader
{
    private static readonly string[] s_sections = ["tls_server_config", "http_server_config", "basic_auth_users", "rate_limit"];
    private readonly YamlNotes _notes;
    private readonly WatchedFiles _files;
    private readonly TimeProvider _clock;
    private readonly WebHeaders _headers;
    private readonly Dictionary<string, string> _users = [];
    private TlsSectionReader? _tls;
    private bool _http2 = true;
    private TimeSpan _interval;
    private int _burst;

    private WebFileReader(string path, WatchedFiles files, TimeProvider clock)
    {
        _notes = new YamlNotes(path);
        _files = files;
        _clock = clock;
        _headers = new WebHeaders(_notes);
    }

    /// <summary>Reads a web configuration.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Tells whether a certificate is valid today.</param>
    /// <param name="files">Takes the file and those it names, as they were before they were read.</param>
    /// <param name="issues">Errors and warnings.</param>
    /// <returns>The policy; null when there is an error.</returns>
    public static WebPolicy? Read(string path, TimeProvider clock, WatchedFiles files, out IReadOnlyList<ConfigurationIssue> issues)
    {
        WebFileReader reader = new(path, files, clock);
        files.Add(path);
        if (!files.IsRegular(path))
        {
            reader._notes.Issues.Add(new ConfigurationIssue(path, 0, "there is no such file"));
        }
        else if (YamlDocument.Load(path, reader._notes.Issues) is { } root)
        {
            reader.TakeRoot(root);
        }

        WebPolicy? policy = reader._notes.HasErrors ? null : reader.Build();
        issues = reader._notes.Issues;
        return reader._notes.HasErrors ? null : policy;
    }

    private WebPolicy Build() => new()
    {
        Tls = _tls?.Build(),
        Http2 = _http2,
        Headers = _headers.Values,
        Users = _users,
        RateInterval = _interval,
        RateBurst = _burst,
    };

    private void TakeRoot(YamlNode root)
    {
        foreach ((YamlScalarNode key, YamlNode value) in _notes.Entries(root, "the web configuration"))
        {
            switch (key.Value)
            {
                case "tls_server_config":
                    _tls = new TlsSectionReader(_notes, _files, _clock);
                    _tls.Take(key, value);
                    break;
                case "http_server_config":
                    TakeHttp(value);
                    break;
                case "basic_auth_users":
                    TakeUsers(key, value);
                    break;
                case "rate_limit":
                    TakeRate(key, value);
                    break;
                default:
                    _notes.Error(key, YamlNotes.Unknown(key.Value!, s_sections));
                    break;
            }
        }

        _tls?.Finish(_http2);
    }

    private void TakeHttp(YamlNode node)
    {
        foreach ((YamlScalarNode key, YamlNode value) in _notes.Entries(node, "http_server_config"))
        {
            switch (key.Value)
            {
                case "http2":
                    if (!YamlSwitch.TryParse(value, out _http2))
                    {
                        _notes.Error(value, "http2 must be true or false");
                    }

                    break;
                case "headers":
                    _headers.Take(value);
                    break;
                default:
                    _notes.Error(key, YamlNotes.Unknown(key.Value!, ["http2", "headers"]));
                    break;
            }
        }
    }

    private void TakeUsers(YamlScalarNode section, YamlNode node)
    {
        foreach ((YamlScalarNode key, YamlNode value) in _notes.Entries(node, "basic_auth_users"))
        {
            // What is given is a secret even where it is wrong, so the message does not repeat it.
            if (value is not YamlScalarNode { Value: { } hash } || !BcryptHash().IsMatch(hash))
            {
                _notes.Error(value, $"basic_auth_users: the value of {key.Value} is no bcrypt hash, such as htpasswd -nBC 10 prints");
                continue;
            }

            if (key.Value!.Contains(':', StringComparison.Ordinal))
            {
                _notes.Warn(key, "a user whose name has a colon can never come in");
            }

            _users[key.Value] = hash;
        }

        if (_users.Count == 0 && !_notes.HasErrors)
        {
            _notes.Warn(section, "basic_auth_users is empty, so nobody is asked for a password");
        }
    }

    private void TakeRate(YamlScalarNode section, YamlNode node)
    {
        foreach ((YamlScalarNode key, YamlNode value) in _notes.Entries(node, "rate_limit"))
        {
            string? text = (value as YamlScalarNode)?.Value?.Trim();
            switch (key.Value)
            {
                case "interval":
                    if (text is null || !GoDuration.TryParse(text, out _interval))
                    {
                        _notes.Error(value, "rate_limit.interval must be a duration such as 1s or 100ms, or 0");
                    }

                    break;
                case "burst":
                    if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _burst))
                    {
                        _notes.Error(value, "rate_limit.burst must be a whole number from 0");
                    }

                    break;
                default:
                    _notes.Error(key, YamlNotes.Unknown(key.Value!, ["interval", "burst"]));
                    break;
            }
        }

        if (_interval > TimeSpan.Zero && _burst == 0)
        {
            _notes.Warn(section, "with rate_limit.burst 0 every request is refused");
        }
    }

    // Version, cost from 4 to 31, 22 characters of salt, 31 of hash.
    [GeneratedRegex(@"\A\$2[abxy]?\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}\z", RegexOptions.CultureInvariant)]
    private static partial Regex BcryptHash();
}
