using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using MapAgent.Procfs;
using MapAgent.Web;

namespace MapAgent.Hosting;

/// <summary>The flags, which all commands share, and the environment variables that stand in for them.</summary>
internal sealed class AgentFlags
{
    /// <summary>Where the configuration is looked for when nobody says.</summary>
    public const string DefaultFile = "/etc/mapagent/mapagent.yaml";

    /// <summary>Where every system has its own cgroup filesystem.</summary>
    public const string OwnCgroupfs = "/sys/fs/cgroup";

    private const string OwnProcfs = "/proc";
    private static readonly string[] s_levels = ["debug", "info", "warning", "error"];
    private static readonly string[] s_formats = ["text", "json"];

    private readonly Option<string> _file = Flag("--config.file", DefaultFile, "Configuration in YAML; built-in defaults when the default file is absent.");
    private readonly Option<string[]> _listen = new("--web.listen-address")
    {
        Description = "IP address and port to serve on; repeatable. \":PORT\" serves on all addresses.",
        DefaultValueFactory = static _ => (Variable("--web.listen-address") ?? "127.0.0.1:19256").Split(',', StringSplitOptions.TrimEntries),
    };

    private readonly Option<string> _telemetryPath = Flag("--web.telemetry-path", "/metrics", "Path of the metrics.");
    private readonly Option<string> _webConfig = Flag("--web.config.file", "", "TLS, client certificates and passwords, in the format that Prometheus exporters share.");
    private readonly Option<bool> _systemdSocket = Flag("--web.systemd-socket", false, "Serve on the sockets that systemd passes, instead of on addresses.");
    private readonly Option<int> _maxRequests = Flag("--web.max-requests", 40, "Requests answered at once, probes apart; further ones get 503. 0 for any number.");
    private readonly Option<bool> _exemptProbes = Flag("--web.exempt-probes", true, "Answer /-/healthy and /-/ready without a password.");
    private readonly Option<bool?> _disableDetails = new("--web.disable-details")
    {
        Description = "Show no details of processes: nothing of /api/, and / only as links. Default: true where other hosts may connect and nobody is asked who they are.",
        DefaultValueFactory = static result => Parsed<bool>("--web.disable-details", result),
    };

    private readonly Option<string> _procfs = Flag("--path.procfs", "/proc", "Where procfs is mounted; every /proc path is joined to it.");
    private readonly Option<string> _cgroupfs = Flag("--path.cgroupfs", "", "Where the cgroup filesystem is mounted; /sys/fs/cgroup beside /proc, else none.");
    private readonly Option<string> _level = Flag("--log.level", "info", $"Least severity that is logged: {string.Join(", ", s_levels)}.");
    private readonly Option<string> _format = Flag("--log.format", "text", "Format of the log: text or json.");

    /// <summary>The flags.</summary>
    public AgentFlags()
    {
        // Help, manual page and shell completion name the values.
        _level.CompletionSources.Add(s_levels);
        _format.CompletionSources.Add(s_formats);
    }

    /// <summary>The options, for every command.</summary>
    public IReadOnlyList<Option> Options =>
    [
        _file, _listen, _systemdSocket, _telemetryPath, _webConfig, _maxRequests, _exemptProbes, _disableDetails, _procfs, _cgroupfs, _level, _format,
    ];

    /// <summary>The name of the environment variable that stands in for a flag.</summary>
    public static string VariableName(string flag) =>
        "MAPAGENT_" + flag.TrimStart('-').ToUpperInvariant().Replace('.', '_').Replace('-', '_');

    /// <summary>Reads and judges the values.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="errors">All that is wrong, one sentence each.</param>
    /// <returns>The values; usable only when there are no errors.</returns>
    public FlagValues Read(ParseResult parsed, out IReadOnlyList<string> errors)
    {
        List<string> found = [];
        List<IPEndPoint> endpoints = [];
        foreach (string address in parsed.GetValue(_listen) ?? [])
        {
            if (TryEndpoint(address, out IPEndPoint? endpoint))
            {
                endpoints.Add(endpoint!);
            }
            else
            {
                found.Add($"--web.listen-address: \"{address}\" is no IP address and port, such as 127.0.0.1:19256, [::1]:19256 or :19256");
            }
        }

        string path = parsed.GetValue(_telemetryPath) ?? "";
        Require(path.StartsWith('/') && path.Length > 1 && !path.StartsWith("/-/", StringComparison.Ordinal) && !path.StartsWith("/api/", StringComparison.Ordinal),
            $"--web.telemetry-path: \"{path}\" must start with / and be no path of the agent's own (/, /-/, /api/)", found);
        int maxRequests = parsed.GetValue(_maxRequests);
        Require(maxRequests >= 0, $"--web.max-requests: {maxRequests} must be 0 or more", found);
        bool systemdSocket = parsed.GetValue(_systemdSocket);
        string level = parsed.GetValue(_level) ?? "";
        Require(s_levels.Contains(level), $"--log.level: \"{level}\" is none of {string.Join(", ", s_levels)}", found);
        string format = parsed.GetValue(_format) ?? "";
        Require(s_formats.Contains(format), $"--log.format: \"{format}\" is neither text nor json", found);
        string procfs = parsed.GetValue(_procfs) ?? "";
        Require(Directory.Exists(procfs), $"--path.procfs: there is no directory \"{procfs}\"", found);
        Require(!Directory.Exists(procfs) || HasProcess(procfs), $"--path.procfs: there is no process in \"{procfs}\", so it is no procfs; where the node's is mounted at /host/proc, give that", found);
        string cgroupfs = parsed.GetValue(_cgroupfs) ?? "";
        Require(cgroupfs.Length == 0 || Directory.Exists(cgroupfs), $"--path.cgroupfs: there is no directory \"{cgroupfs}\"", found);
        string file = parsed.GetValue(_file) ?? "";
        bool askedFor = parsed.GetResult(_file) is { Implicit: false } || Variable("--config.file") is not null;
        errors = found;
        return new FlagValues
        {
            ConfigPath = file,
            MayLackConfigFile = !askedFor,
            ListenAddresses = endpoints,
            TelemetryPath = path,
            WebConfigFile = parsed.GetValue(_webConfig) ?? "",
            UsesSystemdSocket = systemdSocket,
            MaxRequests = maxRequests,
            ExemptsProbes = parsed.GetValue(_exemptProbes),
            // What a socket unit listens on is not ours to know.
            Exposure = new Exposure(systemdSocket || endpoints.Exists(static endpoint => !IPAddress.IsLoopback(endpoint.Address)), parsed.GetValue(_disableDetails)),
            Root = new ProcRoot(procfs.Length > 1 ? procfs.TrimEnd('/') : procfs),
            CgroupRoot = cgroupfs.Length > 0 ? cgroupfs : procfs == OwnProcfs ? OwnCgroupfs : "",
            LogLevel = level,
            LogAsJson = format == "json",
        };
    }

    // The first will do. A folder that may not be listed is told by the first pass.
    private static bool HasProcess(string procfs)
    {
        try
        {
            return Directory.EnumerateDirectories(procfs).Any(static path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return true;
        }
    }

    private static Option<string> Flag(string name, string value, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => Variable(name) ?? value,
    };

    private static Option<T> Flag<T>(string name, T value, string description)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = result => Parsed<T>(name, result) ?? value,
        };

    private static T? Parsed<T>(string flag, ArgumentResult result)
        where T : struct, IParsable<T>
    {
        if (Variable(flag) is not { } text)
        {
            return null;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out T value))
        {
            return value;
        }

        result.AddError($"{VariableName(flag)}: \"{text}\" is no value for {flag}");
        return null;
    }

    private static string? Variable(string flag) =>
        Environment.GetEnvironmentVariable(VariableName(flag)) is { Length: > 0 } value ? value : null;

    private static void Require(bool good, string error, List<string> errors)
    {
        if (!good)
        {
            errors.Add(error);
        }
    }

    /// <summary>
    /// Puts brackets around an IPv6 address before a port: where an address comes from a variable, as in Kubernetes, nobody can write them.
    /// </summary>
    internal static string Bracketed(string text)
    {
        int port = text.LastIndexOf(':');
        return port > 0 && text[0] != '[' && text.AsSpan(0, port).Contains(':') && IPAddress.TryParse(text.AsSpan(0, port), out _)
            ? $"[{text[..port]}]{text[port..]}"
            : text;
    }

    private static bool TryEndpoint(string text, out IPEndPoint? endpoint)
    {
        endpoint = null;
        text = text.StartsWith(':') ? "[::]" + text : text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text[9..] : text;
        text = Bracketed(text);
        int colon = text.LastIndexOf(':');
        return colon > 0 && (text[0] == '[' ? text[colon - 1] == ']' : text.IndexOf(':', StringComparison.Ordinal) == colon)
            && colon + 1 < text.Length && IPEndPoint.TryParse(text, out endpoint);
    }
}
