using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>A machine on which the package has been installed by apt; shared by tests, each of which leaves it as it was.</summary>
public sealed class InstalledService : IAsyncLifetime
{
    private const string DropIn = "/etc/systemd/system/mapagent.service.d/test.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The machine.</summary>
    internal Machine Machine { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Machine = await Machine.BootAsync();
        await Package.InstallAsync(Machine, Package.File);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Machine?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A property of the unit, as systemd has it.</summary>
    internal Task<string> PropertyAsync(string name) => Machine.RunAsync("systemctl", "show", "-p", name, "--value", "mapagent");

    /// <summary>The pid of the agent, inside the machine.</summary>
    internal async Task<int> PidAsync() => int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <summary>A field of the agent's status in /proc.</summary>
    internal async Task<string> StatusAsync(string field)
    {
        string status = await Machine.RunAsync("cat", $"/proc/{await PidAsync()}/status");
        return status.Split('\n').Single(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();
    }

    /// <summary>The page of metrics, once it is as wanted.</summary>
    internal Task<Exposition> ScrapeUntilAsync(string what, Func<Exposition, bool> wanted) => Wait.ForAsync(what, s_patience, async () =>
    {
        string? page = await Machine.GetAsync("http://127.0.0.1:19256/metrics");
        return page is not null && ExpositionParser.Parse(Encoding.UTF8.GetBytes(page), openMetrics: false) is { } parsed && wanted(parsed) ? parsed : null;
    });

    /// <summary>Waits until the unit is active and answers.</summary>
    internal Task<Exposition> ActiveAsync() => ScrapeUntilAsync("the service", static _ => true);

    /// <summary>Puts a drop-in beside the unit and starts it anew.</summary>
    internal async Task ConfigureAsync(string dropIn)
    {
        Machine.Write(DropIn, dropIn);
        await RestartAsync();
    }

    /// <summary>Takes the drop-in away and starts the unit anew.</summary>
    internal async Task RestoreAsync()
    {
        File.Delete(Path.Combine(Machine.Root, DropIn.TrimStart('/')));
        await RestartAsync();
    }

    /// <summary>What the agent has logged since it was started last: priority and text.</summary>
    internal async Task<IReadOnlyList<(int Priority, string Text)>> JournalAsync()
    {
        string invocation = await PropertyAsync("InvocationID");
        // A blank line parts the entries; each field is a line.
        string export = await Machine.RunAsync("journalctl", "_SYSTEMD_INVOCATION_ID=" + invocation, "SYSLOG_IDENTIFIER=mapagent",
            "-o", "export", "--output-fields=PRIORITY,MESSAGE");
        return [.. export.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static entry => (
            int.Parse(Field(entry, "PRIORITY"), CultureInfo.InvariantCulture), Field(entry, "MESSAGE")))];
    }

    /// <summary>Starts the unit anew. The manager's count of starts begins anew too: tests start more often than a node's services.</summary>
    internal async Task RestartAsync()
    {
        await Machine.RunAsync("systemctl", "daemon-reload");
        await Machine.TryAsync("systemctl", "reset-failed", "mapagent");
        // A start that fails is what some tests want.
        await Machine.TryAsync("systemctl", "restart", "mapagent");
    }

    private static string Field(string entry, string name) =>
        entry.Split('\n').SingleOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}
