using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;

namespace MapAgent.SystemTests.Harness;

/// <summary>A real Prometheus that scrapes every second.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.All });
    private readonly ChildProcess _process;
    private readonly TemporaryFolder _folder;
    private readonly int _port;

    private Prometheus(ChildProcess process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        _port = port;
    }

    /// <inheritdoc cref="StartWithRulesAsync"/>
    public static Task<Prometheus> StartAsync(params (string Job, string Address)[] targets) => StartWithRulesAsync(null, targets);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="rules">Text of a rule file; null for none.</param>
    /// <param name="targets">Names of jobs and their addresses, with https:// before it for TLS; a job may have several.</param>
    public static Task<Prometheus> StartWithRulesAsync(string? rules, params (string Job, string Address)[] targets) => StartAsync(rules,
        string.Concat(targets.GroupBy(static target => target.Job).Select(static job =>
            $"  - job_name: {job.Key}\n    tls_config: {{insecure_skip_verify: true}}\n    static_configs: [{string.Join(", ", job.Select(Target))}]\n")));

    /// <summary>Starts it with one target that wants TLS, a client certificate and a password.</summary>
    public static Task<Prometheus> StartAsync(string authority, string certificate, string key, (string User, string Password) login, string address) => StartAsync(null,
        // A machine that is very busy must not fail a scrape by its second.
        $"  - job_name: tls\n    scrape_interval: 3s\n    scrape_timeout: 3s\n    scheme: https\n    basic_auth: {{username: {login.User}, password: {login.Password}}}\n"
        + $"    tls_config: {{ca_file: {authority}, cert_file: {certificate}, key_file: {key}}}\n    static_configs: [{{targets: ['{address}']}}]\n");

    private static string Target((string Job, string Address) target) => target.Address.Split("://") is [string scheme, string address]
        ? $"{{targets: ['{address}'], labels: {{__scheme__: {scheme}}}}}"
        : $"{{targets: ['{target.Address}']}}";

    private static async Task<Prometheus> StartAsync(string? rules, string jobs)
    {
        TemporaryFolder folder = new();
        string files = rules is null ? "" : $"rule_files: ['{folder.Write("rules.yml", rules)}']\n";
        string file = folder.Write("prometheus.yml",
            "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n" + files + "scrape_configs:\n" + jobs);
        int port = Ports.Free();
        ChildProcess process = ChildProcess.Start("prometheus",
            ["--config.file=" + file, "--storage.tsdb.path=" + folder.File("tsdb"), $"--web.listen-address=127.0.0.1:{port}"]);
        Prometheus prometheus = new(process, folder, port);
        try
        {
            await Wait.UntilAsync("Prometheus", TimeSpan.FromSeconds(30), prometheus.AnswersAsync);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The vector that an expression gives: labels and values.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string expression)
    {
        Uri uri = new($"http://127.0.0.1:{_port}/api/v1/query?query={Uri.EscapeDataString(expression)}");
        using JsonDocument answer = JsonDocument.Parse(await s_client.GetStringAsync(uri));
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(static item => new Sample(
            "", item.GetProperty("metric").EnumerateObject().ToDictionary(static label => label.Name, static label => label.Value.GetString()!),
            double.Parse(item.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }

    /// <summary>The alerts that are pending or firing, as series of ALERTS.</summary>
    public Task<IReadOnlyList<Sample>> AlertsAsync(string state) => QueryAsync($"ALERTS{{alertstate=\"{state}\"}}");

    /// <summary>Why the newest scrape of the first target failed; empty when it did not.</summary>
    public async Task<string> LastErrorAsync()
    {
        using JsonDocument answer = JsonDocument.Parse(await s_client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/targets")));
        return answer.RootElement.GetProperty("data").GetProperty("activeTargets")[0].GetProperty("lastError").GetString() ?? "";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using HttpResponseMessage answer = await s_client.GetAsync(new Uri($"http://127.0.0.1:{_port}/-/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
