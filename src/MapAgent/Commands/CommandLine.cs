using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.Hosting;

namespace MapAgent.Commands;

/// <summary>The command line: flags that all commands share, and one file for each command.</summary>
internal static class CommandLine
{
    /// <summary>Parses, runs the command, and turns every expected failure into lines and an exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create(Terminal.Withhold()).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            string[] lines = [.. parsed.Errors.Select(static error => error.Message), "see mapagent --help"];
            return Exit.With(Exit.Input, lines);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (IOException error)
        {
            return Exit.With(Exit.Machine, [Reason(error)]);
        }
        catch (UnauthorizedAccessException error)
        {
            return Exit.With(Exit.Machine, [error.Message]);
        }
    }

    /// <summary>The tree of commands.</summary>
    public static RootCommand Create(Terminal terminal)
    {
        AgentFlags flags = new();
        RootCommand root = new("Tells what is mapped into memory on this node. Without a command it serves (run).");
        foreach (Option option in flags.Options)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        root.Subcommands.Add(RunCommand.Create(flags, "run"));
        root.Subcommands.Add(OnceCommand.Create(flags, terminal));
        root.Subcommands.Add(CheckCommand.Create(flags));
        root.Subcommands.Add(DoctorCommand.Create(flags));
        root.Subcommands.Add(InspectCommand.Create(flags));
        root.Subcommands.Add(ShmCommand.Create(flags, terminal));
        root.Subcommands.Add(TopCommand.Create(flags, terminal));
        root.Subcommands.Add(HealthcheckCommand.Create(flags));
        root.SetAction((parsed, _) => RunCommand.RunAsync(flags, parsed));
        return root;
    }

    /// <summary>Judges the flags before a command runs.</summary>
    public static int? Refuse(AgentFlags flags, ParseResult parsed, out FlagValues values)
    {
        values = flags.Read(parsed, out IReadOnlyList<string> errors);
        return errors.Count > 0 ? Exit.With(Exit.Input, errors) : null;
    }

    private static string Reason(IOException error) => error.InnerException is { } inner && error.Message.StartsWith("Failed to bind", StringComparison.Ordinal)
        ? $"{error.Message.TrimEnd('.')} ({inner.Message}); is another agent running? --web.listen-address chooses another port"
        : error.Message;
}
