using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using k8s.Models;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Chart;

/// <summary>The Helm chart: what it makes of many values, and what it refuses.</summary>
public sealed class ChartTests : IDisposable
{
    // Only this one asks for more than the agent needs.
    private const string FullRights = "full-rights";
    private static readonly string s_helm = Path.Combine(Repository.Root, "tests", "helm");
    private readonly TemporaryFolder _chart = ChartRenderer.WithOwnFiles();

    public static TheoryData<string> Cases => [.. Names(Path.Combine(ChartRenderer.Chart, "ci"))];

    public static TheoryData<string> BadCases => [.. Names(Path.Combine(s_helm, "bad"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_renders_as_it_did(string name)
    {
        string golden = Repository.Fixture($"chart/{name}.yaml");
        string actual = (await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name))).Text;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            await File.WriteAllTextAsync(golden, actual, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(golden), $"{golden} is missing; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), actual);
    }

    [Fact]
    public void No_golden_is_left_of_a_case_that_is_gone() =>
        Assert.Equal(Names(Path.Combine(ChartRenderer.Chart, "ci")), Names(Repository.Fixture("chart")));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Kubernetes_types_take_every_manifest(string name)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name));
        object[] objects = [.. rendering.Documents.Select(Manifests.Read)];
        V1DaemonSet set = Assert.Single(objects.OfType<V1DaemonSet>());
        // Kubernetes requires these; the types do not.
        Assert.NotEmpty(set.Spec.Selector.MatchLabels);
        Assert.All(set.Spec.Selector.MatchLabels, label => Assert.Equal(label.Value, set.Spec.Template.Metadata.Labels[label.Key]));
        Assert.DoesNotContain("helm.sh/chart", set.Spec.Selector.MatchLabels.Keys);
        Assert.All(objects.OfType<V1Service>(), service => Assert.All(service.Spec.Selector, label =>
            Assert.Equal(label.Value, set.Spec.Template.Metadata.Labels[label.Key])));
        // A pod that the selectors meet would be adopted, and would get requests.
        Assert.All(objects.OfType<V1Pod>(), pod => Assert.Contains(set.Spec.Selector.MatchLabels,
            label => pod.Metadata.Labels[label.Key] != label.Value));
        Assert.All(objects.OfType<V1Pod>().SelectMany(static pod => pod.Metadata.Labels), static label => Assert.InRange(label.Value.Length, 0, 63));
        V1PodSpec pod = set.Spec.Template.Spec;
        foreach (V1Container container in pod.Containers.Concat(pod.InitContainers ?? []))
        {
            Assert.False(string.IsNullOrEmpty(container.Image));
            Assert.All(container.VolumeMounts ?? [], mount => Assert.Single(pod.Volumes, volume => volume.Name == mount.Name));
        }

        Assert.Equal(pod.Volumes.Count, pod.Volumes.DistinctBy(static volume => volume.Name).Count());
        string[] ids = [.. rendering.Documents.Select(static document => $"{document.GetProperty("kind")}/{document.GetProperty("metadata").GetProperty("name")}")];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (string id in ids)
        {
            // Labels and most names: 63 letters, digits, dots and dashes; names of plain data may be longer.
            string most = id.StartsWith("ConfigMap/", StringComparison.Ordinal) ? "251" : "61";
            Assert.Matches($"^[A-Za-z]+/[a-z0-9]([a-z0-9.-]{{0,{most}}}[a-z0-9])?$", id);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_more_is_taken_than_the_values_ask_for(string name)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name));
        V1PodSpec pod = All<V1DaemonSet>(rendering).Single().Spec.Template.Spec;
        V1Container agent = pod.Containers[0];
        bool all = name == FullRights;
        Assert.Equal((all, all, all), (pod.HostNetwork, pod.HostPID, pod.HostIPC));
        Assert.Equal(all, agent.SecurityContext.Privileged ?? false);
        Assert.Equal(all, agent.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(!all, agent.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(0, agent.SecurityContext.RunAsUser);
        Assert.Equal(all ? "Localhost" : "RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.Equal(["ALL"], agent.SecurityContext.Capabilities.Drop);
        Assert.Equal(
            name is FullRights or "dac" ? ["SYS_PTRACE", "DAC_READ_SEARCH"] : ["SYS_PTRACE"], agent.SecurityContext.Capabilities.Add);
        string[] mounted = [.. pod.Volumes.Where(static volume => volume.HostPath is not null)
            .Select(static volume => volume.HostPath.Path)];
        bool logs = name is not ("minimal" or "kubelet" or "api" or "otlp");
        Assert.Equal(["/proc", "/sys/fs/cgroup", .. logs ? new[] { "/var/log/pods", "/var/log/containers" } : [], .. all ? new[] { "/sys", "/" } : []],
            mounted);
        Assert.All(
            agent.VolumeMounts.Where(mount => pod.Volumes.Single(volume => volume.Name == mount.Name).HostPath is not null),
            static mount => Assert.True(mount.ReadOnlyProperty));
        Assert.DoesNotContain("cpu", agent.Resources?.Limits?.Keys ?? []);
        Assert.Equal(name is "kubelet" or "api", pod.AutomountServiceAccountToken);
    }

    [Theory]
    [InlineData("default", "")]
    [InlineData("otlp", "")]
    [InlineData("kubelet", "nodes/pods: get")]
    [InlineData("api", "pods: list")]
    public async Task Roles_grant_what_the_source_of_names_needs(string name, string rights)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name));
        IEnumerable<V1PolicyRule> rules = All<V1ClusterRole>(rendering).SelectMany(static role => role.Rules);
        Assert.Equal(rights, string.Join("; ",
            rules.Select(static rule => $"{string.Join(' ', rule.Resources)}: {string.Join(' ', rule.Verbs)}")));
        Assert.DoesNotContain(rendering.Documents, static document => document.GetProperty("kind").GetString() is "Role" or "RoleBinding");
        foreach (V1ClusterRoleBinding binding in All<V1ClusterRoleBinding>(rendering))
        {
            V1ServiceAccount account = All<V1ServiceAccount>(rendering).Single();
            Assert.Equal((account.Metadata.Name, account.Metadata.NamespaceProperty), (binding.Subjects[0].Name,
                binding.Subjects[0].NamespaceProperty));
        }
    }

    [Theory]
    [InlineData("minimal", null, "unconfined")]
    [InlineData("full-rights", null, "localhost/mapagent")]
    [InlineData("default", "Unconfined", null)]
    [InlineData("api", "Unconfined", null)]
    [InlineData("dac", null, null)]
    public async Task AppArmor_is_a_field_from_1_30_on_and_an_annotation_before(string name, string? field, string? annotation)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name));
        V1PodTemplateSpec template = All<V1DaemonSet>(rendering).Single().Spec.Template;
        Assert.Equal(field, template.Spec.Containers[0].SecurityContext.AppArmorProfile?.Type);
        Assert.Equal(annotation, template.Metadata.Annotations.TryGetValue("container.apparmor.security.beta.kubernetes.io/mapagent",
            out string? profile) ? profile : null);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_agent_takes_the_configuration_and_the_arguments(string name)
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name));
        V1ConfigMap map = All<V1ConfigMap>(rendering).Single(static map => map.Data?.ContainsKey("mapagent.yaml") == true);
        string file = _chart.Write("mapagent.yaml", map.Data["mapagent.yaml"]);
        V1Container agent = All<V1DaemonSet>(rendering).Single().Spec.Template.Spec.Containers[0];
        string[] arguments = [.. agent.Args.Select(argument => argument.Replace("/etc/mapagent/mapagent.yaml", file, StringComparison.Ordinal))];
        // As a kubelet fills them in. The Secret with the web configuration is not here.
        Dictionary<string, string> environment = new() { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1", ["KUBERNETES_SERVICE_PORT"] = "443" };
        foreach (V1EnvVar variable in agent.Env.Where(static variable => variable.Name != "MAPAGENT_WEB_CONFIG_FILE"))
        {
            string value = variable.Value ?? (variable.ValueFrom.FieldRef.FieldPath == "spec.nodeName" ? "node-1" : "10.0.0.2");
            environment[variable.Name] = Regex.Replace(value, @"\$\(([A-Z_]+)\)", reference => environment[reference.Groups[1].Value])
                .Replace("/host/", "/", StringComparison.Ordinal);
        }

        (int code, string output, string errors) = await ChildProcess.RunAsync(Agent.Binary, ["check", .. arguments], environment);
        Assert.True(code == 0, output + errors);
    }

    /// <summary>What "kubectl exec" starts gets the variables of the container and none of its arguments, and is to see the node too.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Commands_in_the_container_see_what_the_agent_sees(string name)
    {
        V1Container agent = AgentOf(await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name)));
        Assert.Equal("/host/proc", agent.Env.Single(static variable => variable.Name == "MAPAGENT_PATH_PROCFS").Value);
        Assert.Equal("/host/sys/fs/cgroup", agent.Env.Single(static variable => variable.Name == "MAPAGENT_PATH_CGROUPFS").Value);
        Assert.DoesNotContain(agent.Args, static argument => argument.StartsWith("--path.", StringComparison.Ordinal));
        Assert.Equal(agent.Env.Count, agent.Env.DistinctBy(static variable => variable.Name).Count());
    }

    [Fact]
    public async Task A_variable_of_the_values_takes_the_place_of_the_chart_s()
    {
        using TemporaryFolder folder = new();
        string values = folder.Write("values.yaml", """
            host: {procfsMountPath: /mnt/proc, cgroupfs: ""}
            identity: {source: kubelet}
            env: {MAPAGENT_PATH_PROCFS: /mine, MAPAGENT_WEB_LISTEN_ADDRESS: ":1"}
            extraEnv: [{name: MAPAGENT_KUBERNETES_NODE_NAME, value: two}]
            """);
        V1Container agent = AgentOf(await ChartRenderer.RenderGoodAsync(_chart.Path, values));
        Assert.Equal(
            ["MAPAGENT_KUBERNETES_SOURCES=mounts,kubelet", "MAPAGENT_KUBERNETES_NODE_IP=", "MAPAGENT_KUBERNETES_KUBELET_URL=https://$(MAPAGENT_KUBERNETES_NODE_IP):10250",
                "MAPAGENT_PATH_PROCFS=/mine", "MAPAGENT_WEB_LISTEN_ADDRESS=:1", "MAPAGENT_KUBERNETES_NODE_NAME=two"],
            agent.Env.Select(static variable => $"{variable.Name}={variable.Value}"));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("tls", false)]
    [InlineData("platform", false)]
    public async Task The_notes_say_where_details_are_off(string name, bool off)
    {
        string notes = (await ChartRenderer.RenderGoodAsync(_chart.Path, Values(name))).Text.Split("# NOTES.txt")[1];
        Assert.Equal(off, notes.Contains("MAPAGENT_WEB_DISABLE_DETAILS", StringComparison.Ordinal));
        Assert.Contains("-- /usr/bin/mapagent doctor\n", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubelet", 2)]
    [InlineData("api", 0)]
    [InlineData("", 1)]
    public async Task The_network_policy_lets_the_pod_of_the_test_in_where_there_is_one(string name, int allowed)
    {
        using TemporaryFolder folder = new();
        // With a password there is no such pod.
        string closed = folder.Write("closed.yaml", "web: {existingSecret: mine}\nnetworkPolicy: {enabled: true, from: [{podSelector: {}}]}\n");
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, name.Length > 0 ? Values(name) : closed);
        V1NetworkPolicyIngressRule rule = All<V1NetworkPolicy>(rendering).Single().Spec.Ingress.Single();
        Assert.Equal(allowed, rule.FromProperty?.Count ?? 0);
        Assert.Equal(name.Length > 0 ? 1 : 0, All<V1Pod>(rendering).Count());
        if (allowed == 2)
        {
            IDictionary<string, string> labels = All<V1Pod>(rendering).Single().Metadata.Labels;
            Assert.All(rule.FromProperty![1].PodSelector.MatchLabels, label => Assert.Equal(label.Value, labels[label.Key]));
        }
    }

    [Theory]
    [MemberData(nameof(BadCases))]
    public async Task Bad_values_are_refused_with_the_reason(string name)
    {
        string file = Path.Combine(s_helm, "bad", name + ".yaml");
        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        string expected = Regex.Match(text, "^# expects: (.+)$", RegexOptions.Multiline).Groups[1].Value;
        (Rendering? rendering, string errors) = await ChartRenderer.RenderAsync(_chart.Path, file);
        Assert.Null(rendering);
        Assert.NotEmpty(expected);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Single_alerts_can_be_changed_and_left_out()
    {
        Rendering rendering = await ChartRenderer.RenderGoodAsync(_chart.Path, Values("rules"),
            Path.Combine(s_helm, "overrides", "rules.yaml"));
        Rule[] rules = [.. RulesOf(rendering)];
        Assert.Equal(["Plain", "Changed", "NobodyMeasures"], rules.Where(static rule => rule.Alert is not null)
            .Select(static rule => rule.Alert!));
        Rule plain = rules.Single(static rule => rule.Alert == "Plain");
        Assert.Equal(("mount:fill:ratio > 0.8", "2m", "warning", "platform"), (plain.Expr, plain.For, plain.Labels!["severity"],
            plain.Labels["team"]));
        Assert.Equal("{{ $labels.mount }} is {{ $value | humanizePercentage }} full.", plain.Annotations!["description"]);
        Assert.Equal("https://runbooks.example.org/mapagent/docs/runbooks/Plain.md", plain.Annotations["runbook_url"]);
        Rule changed = rules.Single(static rule => rule.Alert == "Changed");
        Assert.Equal(("a > 10", "10m", "critical", "yes"), (changed.Expr, changed.For, changed.Labels!["severity"],
            changed.Labels["page"]));
        Assert.Equal("https://example.org/changed", changed.Annotations!["runbook_url"]);
    }

    [Fact]
    public async Task The_project_s_own_rules_and_dashboards_arrive_as_they_are()
    {
        using TemporaryFolder folder = new();
        string values = folder.Write("values.yaml", "prometheusRule: {enabled: true}\ndashboards: {enabled: true}\n");
        Rendering rendering = await ChartRenderer.RenderGoodAsync(ChartRenderer.Chart, values);
        Assert.All(rendering.Documents, static document => Assert.NotNull(Manifests.Read(document)));
        string rules = Path.Combine(Repository.Root, "alerts", "mapagent.rules.yml");
        string text = File.Exists(rules) ? await File.ReadAllTextAsync(rules, TestContext.Current.CancellationToken) : "";
        string[] alerts = [.. Regex.Matches(text, @"^\s*- alert: (\S+)$", RegexOptions.Multiline)
            .Select(static match => match.Groups[1].Value)];
        Assert.Equal(alerts, RulesOf(rendering).Where(static rule => rule.Alert is not null).Select(static rule => rule.Alert!));
        foreach (JsonElement rule in rendering.OfKind("PrometheusRule"))
        {
            // JSON is YAML, so promtool reads it.
            string file = folder.Write("rules.yml", rule.GetProperty("spec").GetRawText());
            (int code, string output, string errors) = await ChildProcess.RunAsync("promtool", ["check", "rules", file]);
            Assert.True(code == 0, output + errors);
        }

        string dashboards = Path.Combine(Repository.Root, "dashboards");
        Dictionary<string, string> expected = !Directory.Exists(dashboards) ? [] : Directory.GetFiles(dashboards, "*.json")
            .ToDictionary(static file => Path.GetFileName(file), File.ReadAllText);
        V1ConfigMap[] maps = [.. All<V1ConfigMap>(rendering).Where(static map => map.Metadata.Labels.ContainsKey("grafana_dashboard"))];
        Assert.Equal(expected.OrderBy(static pair => pair.Key), maps.SelectMany(static map => map.Data).OrderBy(static pair => pair.Key));
    }

    /// <inheritdoc/>
    public void Dispose() => _chart.Dispose();

    private static string Values(string name) => Path.Combine(ChartRenderer.Chart, "ci", name + ".yaml");

    private static IEnumerable<T> All<T>(Rendering rendering) => rendering.Documents.Select(Manifests.Read).OfType<T>();

    private static V1Container AgentOf(Rendering rendering) => All<V1DaemonSet>(rendering).Single().Spec.Template.Spec.Containers[0];

    private static IEnumerable<string> Names(string folder) => Directory.GetFiles(folder, "*.yaml")
        .Select(static file => Path.GetFileNameWithoutExtension(file)).Order();

    private static IEnumerable<Rule> RulesOf(Rendering rendering) => rendering.OfKind("PrometheusRule").Select(Manifests.Read)
        .Cast<CustomObject<PrometheusRuleSpec>>().SelectMany(static rule => rule.Spec.Groups).SelectMany(static group => group.Rules);
}
