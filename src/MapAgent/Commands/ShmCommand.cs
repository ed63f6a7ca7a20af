using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Sampling;
using MapAgent.Selection;

namespace MapAgent.Commands;

/// <summary><c>mapagent shm</c>: every shm mount and its segments, looked at once, outside the budget because a person asked.</summary>
internal static class ShmCommand
{
    private static readonly string[] s_formats = ["table", "json"];

    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags, Terminal terminal)
    {
        Option<string> format = new("--format") { Description = "table or json.", DefaultValueFactory = static _ => "table" };
        format.CompletionSources.Add(s_formats);
        Command command = new("shm", "Every shm mount, what fills it, who uses it and what is left behind.") { format };
        command.SetAction(parsed => Run(flags, terminal, parsed, parsed.GetValue(format)!));
        return command;
    }

    private static int Run(AgentFlags flags, Terminal terminal, ParseResult parsed, string format)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        if (!s_formats.Contains(format))
        {
            return Exit.With(Exit.Input, [$"--format: \"{format}\" is none of {string.Join(", ", s_formats)}"]);
        }

        AgentConfiguration? configuration = ConfigurationReader.Read(
            values.ConfigFile, Environment.GetEnvironmentVariables(), out IReadOnlyList<ConfigurationIssue> issues);
        if (configuration is null)
        {
            return Exit.With(Exit.Input, issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString()));
        }

        TimeProvider clock = TimeProvider.System;
        using Measuring measuring = new(values.Root, values.CgroupRoot, clock, PassTimes.None);
        measuring.Name(configuration);
        // Without rules no rollup is read.
        measuring.Pass.Configure(configuration.ToSetup().Unbounded() with { Rules = new RuleSet([], false) });
        Snapshot snapshot = measuring.Pass.Run();
        View view = new(snapshot, snapshot.Timestamp, clock);
        if (format == "json")
        {
            using Stream output = Console.OpenStandardOutput();
            using Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true });
            ShmJson.Write(writer, view);
        }
        else
        {
            UserNames users = new(values.Root.IsOwnSystem ? "/etc/passwd" : null, clock);
            Console.Out.Write(ShmText.Render(snapshot, users, terminal.Ink));
        }

        Console.Error.WriteLine(FormattableString.Invariant(
            $"{snapshot.Shm.Mounts.Count} mounts and {snapshot.Processes} processes looked at in {snapshot.Duration.TotalMilliseconds:F1} ms, {snapshot.PassCpuSeconds * 1000:F1} ms of CPU"));
        return Exit.Done;
    }
}
