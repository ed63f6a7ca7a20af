using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary><c>mapagent once</c>: one pass, outside the budget because a person asked, then prints.</summary>
internal static class OnceCommand
{
    private static readonly string[] s_formats = ["prometheus", "json", "table"];

    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags, Terminal terminal)
    {
        Option<string> format = new("--format")
        {
            Description = "prometheus, json or table; table is the default on a terminal, else prometheus.",
            DefaultValueFactory = static _ => Console.IsOutputRedirected ? "prometheus" : "table",
        };
        format.CompletionSources.Add(s_formats);
        Command command = new("once", "Measure everything selected once, print it, and say what it cost.") { format };
        command.SetAction((parsed, cancel) => RunAsync(flags, terminal, parsed, parsed.GetValue(format)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentFlags flags, Terminal terminal, ParseResult parsed, string format, CancellationToken cancel)
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
        using Exposition exposition = new(clock);
        using Measuring measuring = new(values.Root, values.CgroupRoot, clock, exposition.Times);
        measuring.Name(configuration);
        measuring.Pass.Configure(configuration.ToSetup().Unbounded());
        Snapshot snapshot = measuring.Pass.Run();
        using Stream output = Console.OpenStandardOutput();
        if (format == "prometheus")
        {
            Rendering rendering = await exposition.RenderAsync(snapshot, ExpositionFormat.Text, compressed: false, cancel);
            await output.WriteAsync(rendering.Body, cancel);
        }
        else if (format == "json")
        {
            using Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true });
            SnapshotJson.WriteAll(writer, new View(snapshot, clock.GetTimestamp(), clock));
        }
        else
        {
            await Console.Out.WriteAsync(GroupTableText.Render(snapshot, terminal.Ink));
        }

        await Console.Error.WriteLineAsync(
            $"{snapshot.Series.Sum(static series => series.Measured)} of {snapshot.Processes} processes measured in {snapshot.Duration.TotalMilliseconds:F1} ms, {snapshot.PassCpuSeconds * 1000:F1} ms of CPU");
        return Exit.Done;
    }
}
