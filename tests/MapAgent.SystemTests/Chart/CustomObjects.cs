using System.Collections.Generic;
using System.Text.Json;

namespace MapAgent.SystemTests.Chart;

// Custom resources as their definitions have them (prometheus-operator, grafana-operator, autoscaler, OpenShift), as far as the chart
// may use them. What is not here is refused.

internal sealed record CustomObject<T>(string ApiVersion, string Kind, CustomMetadata Metadata, T Spec);

internal sealed record CustomMetadata(
    string Name, string? Namespace = null, Dictionary<string, string>? Labels = null, Dictionary<string, string>? Annotations = null);

internal sealed record Matcher(Dictionary<string, string>? MatchLabels = null, List<JsonElement>? MatchExpressions = null);

internal sealed record NamespaceMatcher(bool Any = false, List<string>? MatchNames = null);

internal sealed record AttachMetadata(bool Node);

internal sealed record KeyOfObject(string Key, string? Name = null, bool Optional = false);

internal sealed record SecretOrConfigMap(KeyOfObject? Secret = null, KeyOfObject? ConfigMap = null);

internal sealed record BasicAuth(KeyOfObject Username, KeyOfObject Password);

internal sealed record TlsConfig(
    SecretOrConfigMap? Ca = null, SecretOrConfigMap? Cert = null, KeyOfObject? KeySecret = null, string? ServerName = null,
    bool InsecureSkipVerify = false, string? CaFile = null, string? CertFile = null, string? KeyFile = null);

internal sealed record Relabeling(
    List<string>? SourceLabels = null, string? Separator = null, string? TargetLabel = null, string? Regex = null, long? Modulus = null,
    string? Replacement = null, string? Action = null);

internal sealed record Authorization(string Type, KeyOfObject Credentials);

internal sealed record ServiceEndpoint(
    string Port, string Path, string Scheme, string? Interval = null, string? ScrapeTimeout = null, string? ProxyUrl = null,
    BasicAuth? BasicAuth = null, TlsConfig? TlsConfig = null, string? BearerTokenFile = null, bool HonorLabels = false, List<Relabeling>? Relabelings = null,
    List<Relabeling>? MetricRelabelings = null);

internal sealed record PodEndpoint(
    string Port, string Path, string Scheme, string? Interval = null, string? ScrapeTimeout = null, string? ProxyUrl = null,
    BasicAuth? BasicAuth = null, TlsConfig? TlsConfig = null, bool HonorLabels = false, bool HonorTimestamps = true,
    bool? EnableHttp2 = null, bool? FilterRunning = null, bool? FollowRedirects = null, Dictionary<string, List<string>>? Params = null,
    KeyOfObject? BearerTokenSecret = null, Authorization? Authorization = null, JsonElement? Oauth2 = null,
    List<Relabeling>? Relabelings = null, List<Relabeling>? MetricRelabelings = null);

internal sealed record ServiceMonitorSpec(
    Matcher Selector, List<ServiceEndpoint> Endpoints, string? JobLabel = null, NamespaceMatcher? NamespaceSelector = null,
    AttachMetadata? AttachMetadata = null, List<string>? TargetLabels = null, List<string>? PodTargetLabels = null,
    long? SampleLimit = null, long? TargetLimit = null, long? LabelLimit = null, long? LabelNameLengthLimit = null,
    long? LabelValueLengthLimit = null);

internal sealed record PodMonitorSpec(
    Matcher Selector, List<PodEndpoint> PodMetricsEndpoints, string? JobLabel = null, NamespaceMatcher? NamespaceSelector = null,
    AttachMetadata? AttachMetadata = null, List<string>? PodTargetLabels = null, long? SampleLimit = null, long? TargetLimit = null,
    long? LabelLimit = null, long? LabelNameLengthLimit = null, long? LabelValueLengthLimit = null);

internal sealed record Rule(
    string Expr, string? Alert = null, string? Record = null, string? For = null, string? Keep_firing_for = null,
    Dictionary<string, string>? Labels = null, Dictionary<string, string>? Annotations = null);

internal sealed record RuleGroup(
    string Name, List<Rule> Rules, string? Interval = null, string? Query_offset = null, int? Limit = null,
    Dictionary<string, string>? Labels = null, string? Partial_response_strategy = null);

internal sealed record PrometheusRuleSpec(List<RuleGroup> Groups);

internal sealed record GrafanaDashboardSpec(Matcher InstanceSelector, KeyOfObject ConfigMapRef, string? Folder = null);

internal sealed record ScalingTarget(string ApiVersion, string Kind, string Name);

internal sealed record UpdatePolicy(string UpdateMode);

internal sealed record ContainerPolicy(
    string ContainerName, List<string>? ControlledResources = null, Dictionary<string, string>? MinAllowed = null,
    Dictionary<string, string>? MaxAllowed = null);

internal sealed record ResourcePolicy(List<ContainerPolicy> ContainerPolicies);

internal sealed record VerticalPodAutoscalerSpec(
    ScalingTarget TargetRef, UpdatePolicy? UpdatePolicy = null, ResourcePolicy? ResourcePolicy = null);

internal sealed record Strategy(string Type);

internal sealed record SecurityContextConstraints(
    string ApiVersion, string Kind, CustomMetadata Metadata, bool AllowPrivilegedContainer, bool AllowPrivilegeEscalation,
    bool AllowHostDirVolumePlugin, bool AllowHostIPC, bool AllowHostNetwork, bool AllowHostPID, bool AllowHostPorts,
    bool ReadOnlyRootFilesystem, List<string> RequiredDropCapabilities, List<string> AllowedCapabilities,
    List<string> DefaultAddCapabilities, Strategy RunAsUser, Strategy SeLinuxContext, Strategy FsGroup, Strategy SupplementalGroups,
    List<string> SeccompProfiles, List<string> Volumes, List<string> Users);
