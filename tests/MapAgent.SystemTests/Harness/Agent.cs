using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>The published binary, serving on a port of its own.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(5);
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly ChildProcess _process;
    private readonly TemporaryFolder _folder;

    private Agent(ChildProcess process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>The published binary: MAPAGENT_BINARY, else artifacts/publish/mapagent of the checkout.</summary>
    public static string Binary { get; } = FindBinary();

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The pid.</summary>
    public int Pid => _process.Id;

    /// <summary>What it has logged so far.</summary>
    public string Log => _process.Errors;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its configuration file, for reloads.</summary>
    public string ConfigurationFile => _folder.File("mapagent.yaml");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="arguments">Flags; the port is added.</param>
    /// <param name="environment">Variables on top of the tests' own.</param>
    /// <param name="configuration">Text of a configuration file; null for none.</param>
    /// <param name="command">A command that runs another command, such as setpriv with its flags, and the binary; null for the binary.</param>
    /// <param name="waitUntilReady">False returns at once.</param>
    public static async Task<Agent> StartAsync(
        string[]? arguments = null, Dictionary<string, string>? environment = null, string? configuration = null, string[]? command = null,
        bool waitUntilReady = true)
    {
        TemporaryFolder folder = new();
        int port = Ports.Free();
        string[] whole = [.. command ?? [Binary], $"--web.listen-address=127.0.0.1:{port}", .. arguments ?? []];
        if (configuration is not null)
        {
            whole = [.. whole, "--config.file=" + folder.Write("mapagent.yaml", configuration)];
        }

        Agent agent = new(ChildProcess.Start(whole[0], whole.Skip(1), environment), folder, port);
        try
        {
            if (waitUntilReady)
            {
                await agent.ReadyAsync();
            }

            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the binary to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => ChildProcess.RunAsync(Binary, arguments);

    /// <summary>Waits for /-/ready.</summary>
    public Task ReadyAsync() => Wait.UntilAsync("readiness; the log:\n" + Log, s_patience, async () =>
    {
        Assert.False(HasExited, "the agent ended:\n" + Log);
        return await StatusAsync("/-/ready") == HttpStatusCode.OK;
    });

    /// <summary>The status of a page; null while nobody listens.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using HttpResponseMessage answer = await s_client.GetAsync(Url(path));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The address of a page.</summary>
    public Uri Url(string path) => new($"http://127.0.0.1:{Port}{path}");

    /// <summary>The text of a page that must be there.</summary>
    public async Task<string> GetAsync(string path) => await s_client.GetStringAsync(Url(path));

    /// <summary>One scrape.</summary>
    public async Task<Exposition> ScrapeAsync(bool openMetrics = false) => ExpositionParser.Parse(await PageAsync(openMetrics), openMetrics);

    /// <summary>The bytes of one scrape.</summary>
    public async Task<byte[]> PageAsync(bool openMetrics = false)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Url("/metrics"));
        request.Headers.Add("Accept", openMetrics ? "application/openmetrics-text;version=1.0.0" : "text/plain;version=0.0.4");
        using HttpResponseMessage answer = await s_client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Scrapes until a page is as wanted.</summary>
    public Task<Exposition> ScrapeUntilAsync(string what, Func<Exposition, bool> wanted) => Wait.ForAsync(what, s_patience, async () =>
    {
        Exposition page = await ScrapeAsync();
        return wanted(page) ? page : null;
    });

    /// <summary>Makes it run a pass at once, by way of a reload, and scrapes the outcome.</summary>
    public async Task<Exposition> MeasureAsync()
    {
        double? before = (await ScrapeAsync()).Value("mapagent_snapshot_timestamp_seconds");
        Signal(Signals.Hangup);
        return await ScrapeUntilAsync("a new snapshot", page => page.Value("mapagent_snapshot_timestamp_seconds") != before);
    }

    /// <summary>Scrapes as soon as another pass has ended by itself.</summary>
    public async Task<Exposition> NextAsync()
    {
        double? before = (await ScrapeAsync()).Value("mapagent_snapshot_timestamp_seconds");
        return await ScrapeUntilAsync("the next pass", page => page.Value("mapagent_snapshot_timestamp_seconds") != before);
    }

    /// <summary>Scrapes the pass after one in which something was done between two passes.</summary>
    public async Task<Exposition> BetweenAsync(Func<Task> act)
    {
        for (int i = 0; i < 10; i++)
        {
            double? before = (await NextAsync()).Value("mapagent_snapshot_timestamp_seconds");
            await act();
            if ((await ScrapeAsync()).Value("mapagent_snapshot_timestamp_seconds") == before)
            {
                return await NextAsync();
            }
        }

        Assert.Fail("a pass came between each time");
        throw new InvalidOperationException();
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => _process.Signal(signal);

    /// <summary>Stops it as an init system does. It must end well, in time, and without having logged an error.</summary>
    /// <param name="signal">SIGTERM, or another one that stops.</param>
    public async Task StopAsync(int signal = Signals.Terminate)
    {
        long start = Stopwatch.GetTimestamp();
        Signal(signal);
        int code = await _process.WaitAsync(s_stop);
        Assert.True(code == 0, $"exit code {code}:\n{Log}");
        Assert.True(Stopwatch.GetElapsedTime(start) < s_stop);
        AssertNoErrors();
    }

    /// <summary>Fails when an error was logged.</summary>
    public void AssertNoErrors() => Assert.DoesNotContain(Log.Split('\n'),
        static line => line.Contains(" ERR ", StringComparison.Ordinal) || line.Contains(" FTL ", StringComparison.Ordinal)
            || line.Contains("xception", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string FindBinary()
    {
        string path = Environment.GetEnvironmentVariable("MAPAGENT_BINARY") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Repository.Root, "artifacts", "publish", "mapagent");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(path + ": run dotnet publish src/MapAgent -c Release -r linux-x64 -o artifacts/publish");
    }
}
