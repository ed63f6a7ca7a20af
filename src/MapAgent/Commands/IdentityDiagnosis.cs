using System;
using System.Collections.Generic;
using MapAgent.Identity;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>Which sources of names answer, which labels will be absent, and how to mend it.</summary>
internal static class IdentityDiagnosis
{
    /// <summary>One line per finding; nothing is said of names where there is neither pod nor container.</summary>
    public static IEnumerable<string> Lines(IdentityValues identity, KubernetesOptions options)
    {
        if (identity.Pods == 0 && identity.Containers == 0 && options.Enabled != true)
        {
            yield break;
        }

        yield return $"good     {identity.Containers} containers and {identity.Pods} pods have processes here";
        if (options.Enabled == false)
        {
            yield return identity.Pods == 0 ? "note     names of Kubernetes are off (kubernetes.enabled)"
                : "missing  names of Kubernetes are off (kubernetes.enabled): the labels namespace, pod and container will be absent";
        }
        else if (identity.Lookups is { } ledger)
        {
            foreach (string line in Sources(ledger, options, identity.UnnamedPods > 0))
            {
                yield return line;
            }

            yield return identity.UnnamedPods > 0
                ? $"missing  the names of {identity.UnnamedPods} of {identity.Pods} pods: their labels namespace and pod will be absent"
                : identity.Pods > 0 ? $"good     all {identity.Pods} pods are known by name" : "note     no process of a pod was seen; is this procfs the node's?";
        }

        if (identity.UnknownForms > 0)
        {
            yield return $"note     {identity.UnknownForms} cgroups are of no known form: their processes have no unit, container or pod (mapagent inspect PID shows one)";
        }
    }

    private static IEnumerable<string> Sources(LookupLedger ledger, KubernetesOptions options, bool isMissed)
    {
        foreach (SourceKind source in options.Kinds)
        {
            LookupOutcome? last = ledger.Last(source);
            string name = $"names from {source.Label()} ({Place(source, options)})";
            if (last == LookupOutcome.Ok)
            {
                yield return $"good     {name}";
                continue;
            }

            yield return $"missing  {name}: {(last is { } outcome ? outcome.Label() : "no answer yet")}";
            if (isMissed && Mend(source, last, options) is { } mend)
            {
                yield return "         mend: " + mend;
            }
        }
    }

    private static string Place(SourceKind source, KubernetesOptions options) => source switch
    {
        SourceKind.Mounts => "mountinfo of containers",
        SourceKind.Logs => $"{options.Logs}/pods and {options.Logs}/containers",
        SourceKind.Kubelet => options.KubeletPods?.GetLeftPart(UriPartial.Path) ?? "no address",
        _ => options.ApiPods?.GetLeftPart(UriPartial.Path) ?? "no address",
    };

    private static string? Mend(SourceKind source, LookupOutcome? outcome, KubernetesOptions options) => (source, outcome) switch
    {
        (SourceKind.Logs, LookupOutcome.Gone) => $"mount the node's {options.Logs}/pods and {options.Logs}/containers read-only (hostPath), or set kubernetes.logs",
        (SourceKind.Logs, LookupOutcome.Denied) => $"let the agent list {options.Logs}/pods and {options.Logs}/containers (CAP_DAC_READ_SEARCH, or its user)",
        (SourceKind.Kubelet, LookupOutcome.Denied) =>
            $"give its service account get on nodes/pods (Kubernetes 1.33; never nodes/proxy), and mount its token at {options.TokenFile}",
        (SourceKind.Api, LookupOutcome.Denied) => $"give its service account list on pods, and mount its token at {options.TokenFile}",
        (SourceKind.Kubelet, LookupOutcome.Untrusted) =>
            "kubelets sign their certificate themselves unless serverTLSBootstrap is on: name it in kubernetes.kubelet_ca_file",
        (SourceKind.Api, LookupOutcome.Untrusted) => "kubernetes.ca_file must hold who signed the API server's certificate",
        (SourceKind.Kubelet, LookupOutcome.Gone or LookupOutcome.Timeout) => "kubernetes.kubelet_url must be reachable from here (node address, port 10250, NetworkPolicy)",
        (SourceKind.Api, LookupOutcome.Gone or LookupOutcome.Timeout) => "kubernetes.api_url must be reachable from here (NetworkPolicy)",
        _ => null,
    };
}
