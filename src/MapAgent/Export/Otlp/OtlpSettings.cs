using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace MapAgent.Export.Otlp;

/// <summary>What the variables of OpenTelemetry say. Where a variable for metrics alone is set, it wins over the one for all signals.</summary>
internal sealed record OtlpSettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private static readonly string[] s_files = ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"];
    private static readonly string[] s_temporalities = ["cumulative", "delta", "lowmemory"];

    /// <summary>Where to send, the path included.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>True for gRPC, false for protocol buffers over HTTP.</summary>
    public required bool IsGrpc { get; init; }

    /// <summary>Name=value pairs parted by commas; may hold secrets.</summary>
    public required string? Headers { get; init; }

    /// <summary>How long one request may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>True for gzip.</summary>
    public required bool IsCompressed { get; init; }

    /// <summary>From one export to the next.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Counters as differences.</summary>
    public required bool AreCountersDelta { get; init; }

    /// <summary>Histograms as differences.</summary>
    public required bool AreHistogramsDelta { get; init; }

    /// <summary>What all points have in common.</summary>
    public required IReadOnlyDictionary<string, string> Resource { get; init; }

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Names and values.</param>
    /// <param name="instance">Tells this agent from all others on its node, such as its port.</param>
    /// <param name="refuse">Told the name of each variable that is wrong, and what is wrong with it.</param>
    /// <returns>Usable only when nothing was refused.</returns>
    public static OtlpSettings Read(IDictionary environment, string instance, Action<string, string> refuse)
    {
        string? Find(string name) => environment[name] is string { Length: > 0 } text ? text.Trim() : null;
        (string Variable, string Text)? Signal(string name) =>
            Find($"{Prefix}METRICS_{name}") is { } own ? ($"{Prefix}METRICS_{name}", own) : Find(Prefix + name) is { } common ? (Prefix + name, common) : null;
        string Choice((string Variable, string Text)? given, string[] choices)
        {
            string text = given?.Text.ToLowerInvariant() ?? choices[0];
            if (!choices.Contains(text))
            {
                refuse(given!.Value.Variable, $"is \"{given.Value.Text}\"; it must be {string.Join(" or ", choices)}");
            }

            return text;
        }

        TimeSpan Milliseconds((string Variable, string Text)? given, int least, int otherwise)
        {
            if (given is not { } set)
            {
                return TimeSpan.FromMilliseconds(otherwise);
            }

            if (!int.TryParse(set.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < least)
            {
                refuse(set.Variable, $"is \"{set.Text}\"; it must be a whole number of milliseconds, {least} or more");
            }

            return TimeSpan.FromMilliseconds(Math.Max(value, least));
        }

        (string Variable, string Text)? Plain(string name) => Find(name) is { } text ? (name, text) : null;

        bool isGrpc = Choice(Signal("PROTOCOL"), ["grpc", "http/protobuf"]) == "grpc";
        string temporality = Choice(Plain(Prefix + "METRICS_TEMPORALITY_PREFERENCE"), s_temporalities);
        if (Signal("HEADERS") is { } headers && !headers.Text.Split(',').All(static pair => pair.IndexOf('=', StringComparison.Ordinal) > 0))
        {
            // The text may be a secret.
            refuse(headers.Variable, "must be name=value pairs parted by commas");
        }

        foreach (string variable in s_files.Select(static name => Prefix + name))
        {
            if (Find(variable) is { } file && !File.Exists(file))
            {
                refuse(variable, $"is \"{file}\"; there is no such file");
            }
        }

        return new OtlpSettings
        {
            IsGrpc = isGrpc,
            Endpoint = EndpointOf(isGrpc, Find($"{Prefix}METRICS_ENDPOINT"), Find(Prefix + "ENDPOINT"), refuse),
            Headers = Signal("HEADERS")?.Text,
            Timeout = Shorter(Milliseconds(Signal("TIMEOUT"), 1, 10_000), Milliseconds(Plain("OTEL_METRIC_EXPORT_TIMEOUT"), 1, 30_000)),
            IsCompressed = Choice(Signal("COMPRESSION"), ["none", "gzip"]) == "gzip",
            Interval = Milliseconds(Plain("OTEL_METRIC_EXPORT_INTERVAL"), 100, 60_000),
            AreCountersDelta = temporality == "delta",
            AreHistogramsDelta = temporality != "cumulative",
            Resource = ResourceOf(Find, instance, refuse),
        };
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static Uri EndpointOf(bool isGrpc, string? own, string? common, Action<string, string> refuse)
    {
        string text = own ?? common ?? (isGrpc ? "http://localhost:4317" : "http://localhost:4318");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Host.Length == 0)
        {
            refuse(own is null ? Prefix + "ENDPOINT" : $"{Prefix}METRICS_ENDPOINT", $"is \"{text}\"; it must be an address such as http://localhost:4317");
            return new Uri("http://localhost/");
        }

        // The common one is where all signals go; metrics have a path of their own below it.
        return isGrpc || own is not null ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/metrics");
    }

    private static Dictionary<string, string> ResourceOf(Func<string, string?> find, string instance, Action<string, string> refuse)
    {
        string? node = find("MAPAGENT_KUBERNETES_NODE_NAME");
        string host = node ?? Environment.MachineName;
        Dictionary<string, string> resource = new()
        {
            ["service.name"] = "mapagent",
            ["service.version"] = BuildFacts.Version,
            ["host.name"] = host,
            ["os.type"] = "linux",
        };
        if (node is not null)
        {
            resource["k8s.node.name"] = node;
        }

        const string attributes = "OTEL_RESOURCE_ATTRIBUTES";
        foreach (string pair in (find(attributes) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                refuse(attributes, $"has \"{pair}\"; it must be name=value pairs parted by commas");
                continue;
            }

            resource[Uri.UnescapeDataString(pair[..equals].Trim())] = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
        }

        resource["service.name"] = find("OTEL_SERVICE_NAME") ?? resource["service.name"];
        // The same after a restart, and what a server that scrapes the agent would call its instance.
        resource.TryAdd("service.instance.id", $"{resource["host.name"]}:{instance}");
        return resource;
    }
}
