using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Xunit;

namespace MapAgent.SystemTests.Chart;

/// <summary>Reads manifests as strictly as they can be: an unknown field or a text in place of a number is an error.</summary>
internal static class Manifests
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Dictionary<string, Func<string, object>> s_kinds = new()
    {
        ["v1/ConfigMap"] = Kubernetes<V1ConfigMap>,
        ["v1/Secret"] = Kubernetes<V1Secret>,
        ["v1/Service"] = Kubernetes<V1Service>,
        ["v1/ServiceAccount"] = Kubernetes<V1ServiceAccount>,
        ["v1/Pod"] = Kubernetes<V1Pod>,
        ["apps/v1/DaemonSet"] = Kubernetes<V1DaemonSet>,
        ["networking.k8s.io/v1/NetworkPolicy"] = Kubernetes<V1NetworkPolicy>,
        ["rbac.authorization.k8s.io/v1/ClusterRole"] = Kubernetes<V1ClusterRole>,
        ["rbac.authorization.k8s.io/v1/ClusterRoleBinding"] = Kubernetes<V1ClusterRoleBinding>,
        ["scheduling.k8s.io/v1/PriorityClass"] = Kubernetes<V1PriorityClass>,
        ["monitoring.coreos.com/v1/ServiceMonitor"] = Custom<ServiceMonitorSpec>,
        ["monitoring.coreos.com/v1/PodMonitor"] = Custom<PodMonitorSpec>,
        ["monitoring.coreos.com/v1/PrometheusRule"] = Custom<PrometheusRuleSpec>,
        ["grafana.integreatly.org/v1beta1/GrafanaDashboard"] = Custom<GrafanaDashboardSpec>,
        ["autoscaling.k8s.io/v1/VerticalPodAutoscaler"] = Custom<VerticalPodAutoscalerSpec>,
        ["security.openshift.io/v1/SecurityContextConstraints"] = Plain<SecurityContextConstraints>,
    };

    static Manifests() => KubernetesJson.AddJsonOptions(static options => options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow);

    /// <summary>Reads one of any kind that the chart makes, or fails.</summary>
    public static object Read(JsonElement document)
    {
        string kind = $"{document.GetProperty("apiVersion").GetString()}/{document.GetProperty("kind").GetString()}";
        Assert.True(s_kinds.TryGetValue(kind, out Func<string, object>? read), $"{kind} is of no kind that is known here");
        return read(document.GetRawText());
    }

    private static object Kubernetes<T>(string text)
        where T : class => KubernetesJson.Deserialize<T>(text);

    private static object Custom<T>(string text)
        where T : class => Plain<CustomObject<T>>(text);

    private static object Plain<T>(string text)
        where T : class => JsonSerializer.Deserialize<T>(text, s_strict)!;
}
