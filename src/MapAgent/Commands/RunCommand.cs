using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;

namespace MapAgent.Commands;

/// <summary><c>mapagent run</c>: serves.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags, string name)
    {
        Command command = new(name, "Serve; the default. Works with no configuration at all.");
        command.SetAction((parsed, _) => RunAsync(flags, parsed));
        return command;
    }

    /// <summary>Reads the configuration and serves until told to stop.</summary>
    public static async Task<int> RunAsync(AgentFlags flags, ParseResult parsed)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        AgentConfiguration? configuration = ConfigurationReader.Read(
            values.ConfigFile, Environment.GetEnvironmentVariables(), out IReadOnlyList<ConfigurationIssue> issues);
        TickingClock clock = new();
        WebFile? webFile = WebFile.Open(values.WebConfigFile, clock, out IReadOnlyList<ConfigurationIssue> webIssues);
        issues = [.. issues, .. webIssues];
        if (configuration is null || webFile is null)
        {
            return Exit.With(Exit.Input, issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString()));
        }

        // The host gives its signals back before the process has ended; a second one would then end it by default action.
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        await new AgentHost(values, configuration, webFile, clock).RunAsync([.. issues.Select(static issue => issue.ToString())]);
        return Exit.Done;
    }
}
