using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MapAgent.Hosting.Configuration;
using MapAgent.Identity;
using MapAgent.Sampling;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Hosting;

public sealed class ConfigurationReaderTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_of_process_exporter_is_good_as_it_is()
    {
        AgentConfiguration configuration = Good("""
            process_names:
              - name: "{{.Matches.Cfgfile}}"
                cmdline:
                - '-config.path\s+(?P<Cfgfile>\S+)'
              - comm:
                - bash
              - exe: [postgres, /usr/local/bin/process-exporter]
            """);

        Assert.Equal(3, configuration.Rules!.Count);
    }

    [Fact]
    public void Every_error_is_found_in_one_run_with_its_line()
    {
        string[] issues = Issues("""
            process_names:
              - name: "{{.Nope}}"
                comm: [a]
              - cmdline: ['ok', '(']
              - name: x
              - comm: bash
              - com: [a]
            sampling:
              interval: soon
              cpu_budget: 200%
              max_raed: 1s
            limits: []
            childern: true
            shm: {interval: 1x}
            """);

        Assert.Equal([2, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14], issues.Select(static issue => int.Parse(issue.Split(':')[1])));
        Assert.Contains("did you mean max_read?", issues[7]);
        Assert.Contains("did you mean comm?", issues[4]);
        Assert.Contains("did you mean children?", issues[9]);
        Assert.Contains("has no selector", issues[2]);
        Assert.Contains("must be a list of texts, such as [bash]", issues[3]);
        Assert.Contains("0% to 100%", issues[6]);
    }

    [Theory]
    [InlineData("a: [1", "not valid YAML")]
    [InlineData("- 1", "the configuration must be a mapping")]
    [InlineData("children: true\nchildren: false", "not valid YAML")]
    [InlineData("children: true\n---\nchildren: true", "only one YAML document")]
    [InlineData("? [a]\n: 1", "a key must be plain text")]
    [InlineData("process_names: {a: 1}", "must be a list of rules")]
    [InlineData("process_names: [[a]]", "a rule must be a mapping")]
    public void What_is_no_configuration_is_refused_with_a_line(string yaml, string message)
    {
        string issue = Assert.Single(Issues(yaml).Take(1));
        Assert.Matches($"^{_file}:\\d+: ", issue);
        Assert.Contains(message, issue);
    }

    [Fact]
    public void Deep_nesting_and_large_files_are_refused_and_do_not_end_the_process()
    {
        Assert.Contains("nested deeper", Assert.Single(Issues(new string('[', 100_000))));
        Assert.Contains("larger than", Assert.Single(Issues(new string('#', 3_000_000))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("sampling:\n")]
    [InlineData("---\n")]
    public void An_empty_file_means_the_defaults(string yaml)
    {
        AgentConfiguration configuration = Good(yaml);
        Assert.Null(configuration.Rules);
        Assert.Equal(TimeSpan.FromSeconds(15), configuration.Sampling.Interval);
    }

    [Fact]
    public void Values_arrive_in_their_units_and_the_environment_wins()
    {
        File.WriteAllText(_file, """
            process_names:
              - {comm: [a], min_rss: 10MiB, min_age: 1m30s, per_process: true, rollup: never, user: [root, 'www-*']}
            children: false
            sampling: {interval: 5s, cpu_budget: 0.5%, max_read: 20ms, max_age: 2m}
            limits: {groups: 7, per_process: 8, label_length: 9}
            """);
        Hashtable environment = new() { ["MAPAGENT_SAMPLING_INTERVAL"] = "250ms", ["MAPAGENT_LIMITS_GROUPS"] = "70", ["MAPAGENT_PORT"] = "tcp://10.0.0.1" };

        AgentConfiguration? configuration = ConfigurationReader.Read(_file, environment, out IReadOnlyList<ConfigurationIssue> issues);

        Assert.Empty(issues);
        RuleOptions rule = Assert.Single(configuration!.Rules!).Options;
        Assert.Equal((10L << 20, TimeSpan.FromSeconds(90), true, RollupPolicy.Never), (rule.MinRssBytes, rule.MinAge, rule.PerProcess, rule.Rollup));
        Assert.Equal((TimeSpan.FromMilliseconds(250), 0.005), (configuration.Sampling.Interval, configuration.Sampling.CpuBudget));
        Assert.Equal((70, 8, 9, false), (configuration.Limits.Groups, configuration.Limits.PerProcess, configuration.Limits.LabelLength, configuration.Children));
    }

    [Fact]
    public void A_bad_variable_is_an_error_that_names_it()
    {
        Hashtable environment = new() { ["MAPAGENT_SAMPLING_CPU_BUDGET"] = "lots" };
        Assert.Null(ConfigurationReader.Read("", environment, out IReadOnlyList<ConfigurationIssue> issues));
        Assert.StartsWith("MAPAGENT_SAMPLING_CPU_BUDGET: is \"lots\"", Assert.Single(issues).ToString());
    }

    [Fact]
    public void Keys_of_Kubernetes_arrive_and_a_pod_s_own_variables_fill_in_the_rest()
    {
        File.WriteAllText(_file, """
            kubernetes: {enabled: true, sources: [logs, api], logs: /host/log, interval: 5s, timeout: 2s, kubelet_url: 'https://10.0.0.1:10250'}
            labels: {container_id: all}
            """);
        Hashtable environment = new()
        {
            ["MAPAGENT_KUBERNETES_NODE_NAME"] = "node-1.example",
            ["KUBERNETES_SERVICE_HOST"] = "fd00::1",
            ["KUBERNETES_SERVICE_PORT"] = "6443",
        };

        AgentConfiguration? configuration = ConfigurationReader.Read(_file, environment, out IReadOnlyList<ConfigurationIssue> issues);

        Assert.Empty(issues);
        KubernetesOptions options = configuration!.Kubernetes;
        Assert.Equal((true, "/host/log", 5, 2), (options.Enabled, options.Logs, options.Interval.TotalSeconds, options.Timeout.TotalSeconds));
        Assert.Equal([SourceKind.Logs, SourceKind.Api], options.Kinds);
        Assert.Equal("https://10.0.0.1:10250/pods", options.KubeletPods!.ToString());
        Assert.Equal("https://[fd00::1]:6443/api/v1/pods?resourceVersion=0&fieldSelector=spec.nodeName%3Dnode-1.example", options.ApiPods!.AbsoluteUri);
        Assert.Equal(ContainerIdLabel.All, configuration.ContainerId);
    }

    [Theory]
    [InlineData("https://fd00::1:10250", "https://[fd00::1]:10250/pods")]
    [InlineData("https://[fd00::1]:10250", "https://[fd00::1]:10250/pods")]
    [InlineData("https://10.0.0.1:10250/", "https://10.0.0.1:10250/pods")]
    public void An_address_of_IPv6_needs_no_brackets(string address, string pods)
    {
        // As the chart writes it, from the address of the node.
        Hashtable environment = new() { ["MAPAGENT_KUBERNETES_KUBELET_URL"] = address, ["MAPAGENT_KUBERNETES_SOURCES"] = "kubelet" };
        AgentConfiguration? configuration = ConfigurationReader.Read("", environment, out IReadOnlyList<ConfigurationIssue> issues);
        Assert.Empty(issues);
        Assert.Equal(pods, configuration!.Kubernetes.KubeletPods!.AbsoluteUri);
    }

    [Theory]
    [InlineData("kubernetes: {enabled: perhaps}", "auto, true or false")]
    [InlineData("kubernetes: {sources: [docker]}", "logs, mounts, kubelet, api")]
    [InlineData("kubernetes: {node_name: 'a b'}", "name of this node")]
    [InlineData("kubernetes: {logs: ../log}", "an absolute path")]
    [InlineData("kubernetes: {kubelet_url: 'http://10.0.0.1:10255'}", "https://")]
    [InlineData("kubernetes: {api_url: 'https://user:secret@host'}", "https://")]
    [InlineData("kubernetes: {sources: [api]}", "kubernetes.node_name must say")]
    [InlineData("kubernetes: {sources: [api], node_name: a}", "kubernetes.api_url must say")]
    [InlineData("kubernetes: {sources: [kubelet]}", "kubernetes.kubelet_url or kubernetes.node_name")]
    [InlineData("labels: {container_id: some}", "none, shm or all")]
    public void Keys_of_Kubernetes_that_cannot_work_are_errors(string yaml, string message) => Assert.Contains(message, Assert.Single(Issues(yaml)));

    [Fact]
    public void Selectors_of_identity_are_known() => Assert.Equal(
        ["ssh.service"], Good("process_names: [{unit: [ssh.service], namespace: ['prod-*'], pod: [web-0], container: [app]}]").Rules![0].Options.Unit);

    [Fact]
    public void Lists_are_given_as_one_value_or_several_and_by_commas_in_the_variable()
    {
        File.WriteAllText(_file, "shm: {paths: [/run/shm, /mnt/queue], families: 'mine_*', segments: 7, interval: 500ms, unreferenced_after: 1m}\n");
        AgentConfiguration? configuration = ConfigurationReader.Read(_file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues);
        Assert.Empty(issues);
        Assert.Equal(["/run/shm", "/mnt/queue"], configuration!.Shm.Paths);
        Assert.Equal(["mine_*"], configuration.Shm.Families);
        Assert.Equal((7, 500, 60), (configuration.Shm.Segments, configuration.Shm.Interval.TotalMilliseconds, configuration.Shm.UnreferencedAfter.TotalSeconds));
        Hashtable environment = new() { ["MAPAGENT_SHM_PATHS"] = "/a, /b" };
        Assert.Equal(["/a", "/b"], ConfigurationReader.Read(_file, environment, out _)!.Shm.Paths);
    }

    [Theory]
    [InlineData("shm: {paths: [run/shm]}")]
    [InlineData("shm: {paths: [/run/../etc]}")]
    [InlineData("shm: {paths: []}")]
    [InlineData("shm: {paths: [[/run]]}")]
    [InlineData("shm: {paths: ['/a,b']}")]
    [InlineData("shm: {families: ['']}")]
    [InlineData("shm: {families: {a: b}}")]
    public void A_bad_list_is_an_error_with_its_line(string text)
    {
        File.WriteAllText(_file, text + "\n");
        Assert.Null(ConfigurationReader.Read(_file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues));
        Assert.StartsWith(_file + ":1: shm.", Assert.Single(issues).ToString());
    }

    [Fact]
    public void Variables_of_OpenTelemetry_are_judged_where_OTLP_is_on()
    {
        Hashtable environment = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317", ["MAPAGENT_OTLP_ENABLED"] = "false" };
        Assert.NotNull(ConfigurationReader.Read("", environment, out IReadOnlyList<ConfigurationIssue> none));
        Assert.Empty(none);
        environment["MAPAGENT_OTLP_ENABLED"] = "true";
        Assert.Null(ConfigurationReader.Read("", environment, out IReadOnlyList<ConfigurationIssue> issues));
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT: is \"collector:4317\"", Assert.Single(issues).ToString(), System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        Assert.Null(ConfigurationReader.Read("/nonexistent/mapagent.yaml", new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues));
        Assert.Contains("/nonexistent/mapagent.yaml", Assert.Single(issues).ToString());
    }

    private AgentConfiguration Good(string yaml)
    {
        File.WriteAllText(_file, yaml);
        AgentConfiguration? configuration = ConfigurationReader.Read(_file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues);
        Assert.Empty(issues);
        return configuration!;
    }

    private string[] Issues(string yaml)
    {
        File.WriteAllText(_file, yaml);
        Assert.Null(ConfigurationReader.Read(_file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues));
        return [.. issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString())];
    }
}
