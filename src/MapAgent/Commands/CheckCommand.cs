using System;
using System.Collections.Generic;
using System.CommandLine;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;

namespace MapAgent.Commands;

/// <summary><c>mapagent check</c>: judges the configuration file.</summary>
internal static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags)
    {
        Command command = new("check", "Check the configuration file: every error with file:line; exit 0 or 1.");
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
        foreach (ConfigurationIssue issue in issues)
        {
            Console.Error.WriteLine(issue);
        }

        if (configuration is null)
        {
            return Exit.Input;
        }

        string rules = configuration.Rules is null ? "every process, grouped by comm" : $"{configuration.Rules.Count} rule{(configuration.Rules.Count == 1 ? "" : "s")}";
        Console.Out.WriteLine(values.ConfigFile.Length > 0 ? $"{values.ConfigFile}: good; {rules}" : $"no configuration file: built-in defaults; {rules}");
        return Exit.Done;
    }
}
