using System.Collections.Generic;
using System.IO;
using System.Net;
using MapAgent.Procfs;
using MapAgent.Web;

namespace MapAgent.Hosting;

/// <summary>The flags, judged.</summary>
internal sealed class FlagValues
{
    /// <summary>Where the configuration file is, or would be.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>True when nobody asked for the file: it may be missing, and may come later.</summary>
    public required bool MayLackConfigFile { get; init; }

    /// <summary>The configuration file as it is now; empty for built-in defaults.</summary>
    public string ConfigFile => MayLackConfigFile && !File.Exists(ConfigPath) ? "" : ConfigPath;

    /// <summary>Where to serve; [::] means all addresses.</summary>
    public required IReadOnlyList<IPEndPoint> ListenAddresses { get; init; }

    /// <summary>Path of the metrics.</summary>
    public required string TelemetryPath { get; init; }

    /// <summary>The web configuration file; empty for none.</summary>
    public required string WebConfigFile { get; init; }

    /// <summary>True to serve on the sockets that systemd passes instead of the addresses.</summary>
    public required bool UsesSystemdSocket { get; init; }

    /// <summary>Requests that are answered at once; 0 for any number.</summary>
    public required int MaxRequests { get; init; }

    /// <summary>True when probes need no password.</summary>
    public required bool ExemptsProbes { get; init; }

    /// <summary>Who can connect, and what is shown.</summary>
    public required Exposure Exposure { get; init; }

    /// <summary>The procfs mount.</summary>
    public required ProcRoot Root { get; init; }

    /// <summary>The mount of the cgroup filesystem that belongs to <see cref="Root"/>; empty for none.</summary>
    public required string CgroupRoot { get; init; }

    /// <summary>debug, info, warning or error.</summary>
    public required string LogLevel { get; init; }

    /// <summary>True for one JSON object a line.</summary>
    public required bool LogAsJson { get; init; }
}
