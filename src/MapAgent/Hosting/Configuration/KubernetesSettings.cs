using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Identity;

namespace MapAgent.Hosting.Configuration;

/// <summary>The keys of the section <c>kubernetes</c>, and what must hold between them.</summary>
internal static class KubernetesSettings
{
    private const string Scheme = "https://";
    private static readonly string[] s_sources = SourceKinds.Labels.ToArray();

    /// <summary>The keys in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Choice("kubernetes.enabled", ["auto", "true", "false"], static (c, value) =>
            c.Kubernetes = c.Kubernetes with { Enabled = value switch { 0 => null, 1 => true, _ => false } }),
        Setting.List("kubernetes.sources", "one of logs, mounts, kubelet, api or a list of them", static word => s_sources.Contains(word),
            static (c, values) => c.Kubernetes = c.Kubernetes with { Sources = string.Join(',', values) }),
        Setting.Text("kubernetes.node_name", "the name of this node in Kubernetes", NameRules.IsNode,
            static (c, value) => c.Kubernetes = c.Kubernetes with { NodeName = value }),
        Path("kubernetes.logs", static (options, value) => options with { Logs = value }),
        Url("kubernetes.kubelet_url", static (options, value) => options with { KubeletUrl = value }),
        Path("kubernetes.kubelet_ca_file", static (options, value) => options with { KubeletCaFile = value }),
        Url("kubernetes.api_url", static (options, value) => options with { ApiUrl = value }),
        Path("kubernetes.ca_file", static (options, value) => options with { CaFile = value }),
        Path("kubernetes.token_file", static (options, value) => options with { TokenFile = value }),
        Setting.Duration("kubernetes.interval", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1),
            static (c, value) => c.Kubernetes = c.Kubernetes with { Interval = value }),
        Setting.Duration("kubernetes.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1),
            static (c, value) => c.Kubernetes = c.Kubernetes with { Timeout = value }),
    ];

    /// <summary>Fills in what Kubernetes tells every pod, and finds what is missing for the sources that are asked for.</summary>
    public static IEnumerable<ConfigurationIssue> Complete(AgentConfiguration configuration, IDictionary environment, string source)
    {
        KubernetesOptions options = configuration.Kubernetes;
        if (options.ApiUrl.Length == 0 && environment["KUBERNETES_SERVICE_HOST"] is string { Length: > 0 } host)
        {
            string port = environment["KUBERNETES_SERVICE_PORT"] is string { Length: > 0 } given ? given : "443";
            string address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
            configuration.Kubernetes = options = options with { ApiUrl = $"https://{address}:{port}" };
        }

        if (options.Enabled == false)
        {
            yield break;
        }

        if (options.Kinds.Contains(SourceKind.Kubelet) && options.KubeletPods is null)
        {
            yield return new ConfigurationIssue(source, 0, "kubernetes.sources has kubelet, so kubernetes.kubelet_url or kubernetes.node_name must say where it is");
        }

        if (options.Kinds.Contains(SourceKind.Api) && options.NodeName.Length == 0)
        {
            yield return new ConfigurationIssue(source, 0,
                "kubernetes.sources has api, so kubernetes.node_name must say whose pods to ask for (in a pod: MAPAGENT_KUBERNETES_NODE_NAME from spec.nodeName)");
        }
        else if (options.Kinds.Contains(SourceKind.Api) && options.ApiPods is null)
        {
            yield return new ConfigurationIssue(source, 0, "kubernetes.sources has api, but this is no pod: kubernetes.api_url must say where the API server is");
        }
    }

    private static Setting Path(string key, Func<KubernetesOptions, string, KubernetesOptions> take) =>
        Setting.Text(key, "an absolute path without ..", SettingTable.IsPath, (c, value) => c.Kubernetes = take(c.Kubernetes, value));

    private static Setting Url(string key, Func<KubernetesOptions, string, KubernetesOptions> take) =>
        Setting.Text(key, "an https:// address without path, such as https://10.0.0.1:10250", static text => IsAddress(Bracketed(text)),
            (c, value) => c.Kubernetes = take(c.Kubernetes, Bracketed(value)));

    private static string Bracketed(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) ? Scheme + AgentFlags.Bracketed(text[Scheme.Length..].TrimEnd('/')) : text;

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url.AbsolutePath == "/"
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
