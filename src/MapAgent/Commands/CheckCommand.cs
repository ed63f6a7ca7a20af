using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Web;

namespace MapAgent.Commands;

/// <summary><c>mapagent check</c>: judges the configuration files.</summary>
internal static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags)
    {
        Command command = new("check", "Check the configuration files: every error with file:line; exit 0 or 1.");
        command.SetAction(parsed => Run(flags, parsed));
        return command;
    }

    private static int Run(AgentFlags flags, ParseResult parsed)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        AgentConfiguration? configuration = ConfigurationReader.Read(
            values.ConfigFile, Environment.GetEnvironmentVariables(), out IReadOnlyList<ConfigurationIssue> issues);
        WebFile? webFile = WebFile.Open(values.WebConfigFile, TimeProvider.System, out IReadOnlyList<ConfigurationIssue> webIssues);
        foreach (ConfigurationIssue issue in issues.Concat(webIssues))
        {
            Console.Error.WriteLine(issue);
        }

        if (webFile is not null && values.Exposure.Remark(webFile.Current) is { } remark)
        {
            Console.Error.WriteLine("warning: " + remark);
        }

        if (configuration is null || webFile is null)
        {
            return Exit.Input;
        }

        string rules = configuration.Rules is null ? "every process, grouped by comm" : $"{configuration.Rules.Count} rule{(configuration.Rules.Count == 1 ? "" : "s")}";
        Console.Out.WriteLine(values.ConfigFile.Length > 0 ? $"{values.ConfigFile}: good; {rules}" : $"no configuration file: built-in defaults; {rules}");
        if (values.WebConfigFile.Length > 0)
        {
            Console.Out.WriteLine($"{values.WebConfigFile}: good; {Describe(webFile.Current)}");
        }

        return Exit.Done;
    }

    private static string Describe(WebPolicy policy)
    {
        string users = policy.Users.Count switch { 0 => "no passwords", 1 => "1 user", int count => $"{count} users" };
        return policy.Tls is { } tls ? $"TLS, client certificates: {tls.Clients}, {users}" : $"plain HTTP, {users}";
    }
}
