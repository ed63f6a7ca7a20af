using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Identity;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Selection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MapAgent.Commands;

/// <summary><c>mapagent inspect PID</c>: one process, looked at once, outside the budget because a person asked.</summary>
internal static class InspectCommand
{
    private static readonly TimeSpan s_faultSpan = TimeSpan.FromSeconds(1);
    private static readonly string[] s_formats = ["table", "json"];

    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags)
    {
        Argument<string> pid = new("PID") { Description = "The process." };
        Option<string> format = new("--format") { Description = "table or json.", DefaultValueFactory = static _ => "table" };
        format.CompletionSources.Add(s_formats);
        Command command = new("inspect", "One process: what it maps by kind, the largest files, hints, limits, faults.") { pid, format };
        command.SetAction((parsed, cancel) => RunAsync(flags, parsed, parsed.GetValue(pid)!, parsed.GetValue(format)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentFlags flags, ParseResult parsed, string argument, string format, CancellationToken cancel)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        if (!s_formats.Contains(format))
        {
            return Exit.With(Exit.Input, [$"--format: \"{format}\" is none of {string.Join(", ", s_formats)}"]);
        }

        if (!int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid == 0)
        {
            return Exit.With(Exit.Input, [$"\"{GroupTableText.Printable(argument)}\" is no pid: give the number of a process, as ps shows it"]);
        }

        AgentConfiguration? configuration = ConfigurationReader.Read(
            values.ConfigFile, Environment.GetEnvironmentVariables(), out IReadOnlyList<ConfigurationIssue> issues);
        if (configuration is null)
        {
            return Exit.With(Exit.Input, issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString()));
        }

        TimeProvider clock = TimeProvider.System;
        using ProcReader reader = new(values.Root);
        using InspectionReading reading = new(reader, SystemFacts.Read(reader), clock);
        ReadOutcome outcome = reading.Read(pid, out Inspection? inspection);
        if (outcome != ReadOutcome.Ok)
        {
            return Refusal(pid, outcome, inspection, reader.LastFailure);
        }

        using Lookups lookups = new(values.Root, clock, NullLogger.Instance);
        lookups.Configure(configuration.Kubernetes);
        Task delay = Task.Delay(s_faultSpan, clock, cancel);
        ProcessIdentity identity = lookups.Of(reader, pid, configuration.Kubernetes.Timeout + s_faultSpan);
        await delay;
        Print(reading.WithFaults(inspection!), identity, format, values, clock);
        return Exit.Done;
    }

    private static void Print(Inspection inspection, ProcessIdentity identity, string format, FlagValues values, TimeProvider clock)
    {
        if (format == "json")
        {
            using Stream output = Console.OpenStandardOutput();
            using (Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true }))
            {
                ProcessJson.Write(writer, inspection, identity);
            }

            output.WriteByte((byte)'\n');
        }
        else
        {
            UserNames users = new(values.Root.IsOwnSystem ? "/etc/passwd" : null, clock);
            Console.Out.Write(InspectText.Render(inspection, users, identity));
        }

        ReadCost rollup = inspection.RollupCost!.Value;
        ReadCost smaps = inspection.AnatomyCost!.Value;
        ReadCost both = rollup.Plus(smaps);
        Console.Error.WriteLine(FormattableString.Invariant(
            $"process {inspection.Id.Pid} read in {both.Wall.TotalMilliseconds:F1} ms, {both.Cpu.TotalMilliseconds:F1} ms of CPU: smaps {smaps.Cpu.TotalMilliseconds:F1} ms, smaps_rollup {rollup.Cpu.TotalMilliseconds:F1} ms"));
    }

    private static int Refusal(int pid, ReadOutcome outcome, Inspection? inspection, int errno)
    {
        string? name = inspection is null ? null : GroupTableText.Printable(inspection.Comm);
        bool isInput = inspection is null || outcome == ReadOutcome.NoAddressSpace;
        return Exit.With(isInput && outcome is ReadOutcome.Gone or ReadOutcome.NoAddressSpace ? Exit.Input : Exit.Machine,
            [InspectionRefusal.Text(pid, name, outcome, inspection, errno)]);
    }
}
