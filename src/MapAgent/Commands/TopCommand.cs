using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary><c>mapagent top</c>: a live table of groups. It measures by itself, as top does, within the configured budget.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_most = TimeSpan.FromHours(1);

    /// <summary>The command.</summary>
    public static Command Create(AgentFlags flags, Terminal terminal)
    {
        Option<string> interval = new("--interval") { Description = "Time from one pass to the next, such as 2s.", DefaultValueFactory = static _ => "2s" };
        Option<bool> all = new("--all") { Description = "Measure everything in every pass, whatever it costs; without it the CPU budget of the configuration holds." };
        Command command = new("top", "A live table of groups in a terminal; q quits.") { interval, all };
        command.SetAction(parsed => Run(flags, terminal, parsed, parsed.GetValue(interval)!, parsed.GetValue(all)));
        return command;
    }

    private static int Run(AgentFlags flags, Terminal terminal, ParseResult parsed, string interval, bool all)
    {
        if (CommandLine.Refuse(flags, parsed, out FlagValues values) is { } refused)
        {
            return refused;
        }

        if (!Quantity.TryDuration(interval, out TimeSpan every) || every < s_least || every > s_most)
        {
            return Exit.With(Exit.Input, [$"--interval: \"{Cells.Printable(interval)}\" is no time from 200ms to 1h, such as 2s"]);
        }

        if (Console.IsOutputRedirected || Console.IsInputRedirected)
        {
            return Exit.With(Exit.Input, ["top needs a terminal for its table and its keys; mapagent once prints for files and pipes"]);
        }

        if (!terminal.MovesCursor)
        {
            return Exit.With(Exit.Input, ["top needs a terminal that can move its cursor, and TERM names none; mapagent once prints without"]);
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
        PassSetup setup = configuration.ToSetup();
        setup = setup with { Sampling = setup.Sampling.Every(every) };
        measuring.Pass.Configure(all ? setup.Unbounded() : setup);
        terminal.Reveal();
        using TopScreen screen = new();
        try
        {
            new TopLoop(measuring.Pass, screen, new TopView(every, terminal.Ink), clock, every).Run();
        }
        catch
        {
            // Before anything is written about it: of an error that nobody catches no finally block is run.
            screen.Dispose();
            throw;
        }

        return Exit.Done;
    }
}
