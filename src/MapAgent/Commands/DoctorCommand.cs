using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using MapAgent.Export;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary><c>mapagent doctor</c>: what can be read here, what will be absent, and how to mend it.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags)
    {
        Command command = new("doctor", "What can be read with these privileges, which families will be absent, and how to mend it.");
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
        if (configuration is null)
        {
            return Exit.With(Exit.Input, issues.Where(static issue => !issue.IsWarning).Select(static issue => issue.ToString()));
        }

        using Measuring measuring = new(values.Root, values.CgroupRoot, TimeProvider.System, PassTimes.None);
        measuring.Name(configuration);
        PassSetup setup = configuration.ToSetup();
        measuring.Pass.Configure(setup.Unbounded());
        Snapshot everything = measuring.Pass.Run();
        // Nothing is due any more, so that this pass only tells what the options make of what the reads have cost.
        measuring.Pass.Configure(setup);
        Snapshot snapshot = measuring.Pass.Run();
        View view = new(snapshot, snapshot.Timestamp, TimeProvider.System);
        IEnumerable<string> findings = [.. Diagnosis.Lines(view, Capabilities(measuring.Reader), PageCache(measuring.Reader)),
            .. IdentityDiagnosis.Lines(snapshot.Identity, configuration.Kubernetes), .. Forecast.Lines(everything, snapshot, setup.Sampling)];
        foreach (string line in findings)
        {
            Console.Out.WriteLine(line);
        }

        foreach (ConfigurationIssue issue in issues)
        {
            Console.Out.WriteLine("note     " + issue);
        }

        return Exit.Done;
    }

    // Of the first file that this very process maps: its own binary or a library, which is another user's unless root asks.
    private static ReadOutcome? PageCache(ProcReader reader)
    {
        if (reader.OpenSelf(out ProcessDirectory self) != ReadOutcome.Ok)
        {
            return null;
        }

        using (self)
        {
            Anatomy anatomy = new();
            FileCacheReading caches = new(reader);
            if (reader.ReadStat(self, out Stat stat) != ReadOutcome.Ok || !caches.Begin(self)
                || new AnatomyReading(reader).Read(self, new ProcessId(stat.Pid, stat.StartTicks), anatomy) != ReadOutcome.Ok)
            {
                return null;
            }

            foreach (ref readonly MappedFile file in anatomy.Files)
            {
                if (file.Path.Contains("/lib", StringComparison.Ordinal) && caches.Look(self, file) is not null)
                {
                    return ReadOutcome.Ok;
                }
            }

            bool Ended(ReadOutcome outcome) => reader.Ledger.Reads(ProcFile.CacheStat, outcome) > 0;
            return Ended(ReadOutcome.Denied) ? ReadOutcome.Denied : Ended(ReadOutcome.Failed) ? ReadOutcome.Failed : null;
        }
    }

    private static ulong? Capabilities(ProcReader reader)
    {
        if (reader.OpenSelf(out ProcessDirectory self) != ReadOutcome.Ok)
        {
            return null;
        }

        using (self)
        {
            return reader.ReadStatus(self, out Status status) == ReadOutcome.Ok ? status.EffectiveCapabilities : null;
        }
    }
}
