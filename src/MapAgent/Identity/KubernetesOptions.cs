using System;
using System.Collections.Generic;

namespace MapAgent.Identity;

/// <summary>The section <c>kubernetes</c> of the configuration.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>Where Kubernetes puts the credentials of a pod's service account.</summary>
    public const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>True and false as they are written; null for auto: as soon as a pod is seen.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The sources, parted by commas.</summary>
    public string Sources { get; init; } = "logs,mounts";

    /// <summary>The node as Kubernetes calls it.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>The directory with <c>pods</c> and <c>containers</c> in it.</summary>
    public string Logs { get; init; } = "/var/log";

    /// <summary>Of the kubelet, without path; empty for port 10250 of the node.</summary>
    public string KubeletUrl { get; init; } = "";

    /// <summary>Who may have signed the kubelet's certificate; empty for <see cref="CaFile"/>.</summary>
    public string KubeletCaFile { get; init; } = "";

    /// <summary>Of the API server, without path; empty for the one that Kubernetes tells every pod.</summary>
    public string ApiUrl { get; init; } = "";

    /// <summary>Who may have signed the API server's certificate.</summary>
    public string CaFile { get; init; } = ServiceAccount + "/ca.crt";

    /// <summary>The token; read anew for each lookup, since it is renewed.</summary>
    public string TokenFile { get; init; } = ServiceAccount + "/token";

    /// <summary>From one lookup to the next while nothing new is asked for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most time that one lookup may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the kubelet's list of pods is; null when nobody said.</summary>
    public Uri? KubeletPods => Join(KubeletUrl.Length > 0 ? KubeletUrl : NodeName.Length > 0 ? $"https://{NodeName}:10250" : "", "/pods");

    /// <summary>Where the API server's list of this node's pods is, from its cache, as it last saw them; null when nobody said.</summary>
    public Uri? ApiPods => NodeName.Length == 0 ? null
        : Join(ApiUrl, $"/api/v1/pods?resourceVersion=0&fieldSelector=spec.nodeName%3D{Uri.EscapeDataString(NodeName)}");

    /// <summary>Whether the sources are asked.</summary>
    /// <param name="sawPods">Whether a process of a pod was seen.</param>
    public bool IsOn(bool sawPods) => Enabled ?? sawPods;

    /// <summary>The sources, the least trusted first.</summary>
    public IReadOnlyList<SourceKind> Kinds
    {
        get
        {
            List<SourceKind> kinds = [];
            foreach (string word in Sources.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (SourceKinds.TryParse(word, out SourceKind kind) && !kinds.Contains(kind))
                {
                    kinds.Add(kind);
                }
            }

            kinds.Sort();
            return kinds;
        }
    }

    private static Uri? Join(string root, string path) =>
        root.Length > 0 && Uri.TryCreate(root.TrimEnd('/') + path, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps ? url : null;
}
