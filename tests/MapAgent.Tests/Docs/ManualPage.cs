using System.CommandLine;
using System.Linq;
using MapAgent.Hosting;

namespace MapAgent.Tests.Docs;

/// <summary>mapagent(1), made from the command line's model; only what the model does not know is written here.</summary>
internal static class ManualPage
{
    /// <summary>The page.</summary>
    public static string Render()
    {
        Roff page = new("MAPAGENT", 1, "User Commands");
        page.Heading("Name").Text("mapagent - tells what is mapped into memory on this node, for Prometheus");
        page.Heading("Synopsis").Text("`mapagent` [FLAGS]");
        foreach (Command command in CommandModel.Commands)
        {
            string arguments = string.Concat(command.Arguments.Select(static argument => $" {argument.Name}"));
            string options = string.Concat(CommandModel.Own(command).Select(static option => $" [`{Usage(option)}`]"));
            page.Paragraph($"`mapagent {command.Name}`{arguments}{options} [FLAGS]");
        }

        page.Heading("Description")
            .Paragraph("`mapagent` groups the processes of a node by rules, adds up what the kernel says of their mappings (PSS, USS, RSS, swap) and "
                + "of their page faults, shows what fills /dev/shm in every mount namespace, and serves all of it to Prometheus. Reading a process's sums "
                + "holds a lock of that process, so it measures within a budget and says how old each number is.")
            .Paragraph("What could not be read has no series; it is never shown as 0. With fewer rights there is less to see: `mapagent doctor` says what, and why.");
        page.Heading("Commands");
        foreach (Command command in CommandModel.Commands)
        {
            page.Item($"`{command.Name}`", command.Description!);
            foreach (Argument argument in command.Arguments)
            {
                page.Break($"{argument.Name}: {argument.Description}");
            }

            foreach (Option option in CommandModel.Own(command))
            {
                page.Break($"`{Usage(option)}`: {option.Description}");
            }
        }

        page.Heading("Flags").Paragraph("All commands take all of them. A flag wins over the environment, the environment over the configuration file.");
        foreach (Option flag in CommandModel.Flags)
        {
            string names = string.Join(", ", flag.Aliases.Append(CommandModel.Name(flag)).Where(static name => name[0] == '-').Distinct().Order(System.StringComparer.Ordinal).Select(static name => $"`{name}`"));
            page.Item(CommandModel.TakesValue(flag) ? $"`{Usage(flag)}`" : names, flag.Description! + Defaults(flag));
        }

        page.Heading("Environment")
            .Paragraph("Each flag has a variable that stands in for it, and so has each single value of the configuration file: `sampling.interval` is "
                + "`MAPAGENT_SAMPLING_INTERVAL`. `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `JOURNAL_STREAM` are understood as systemd sets them.");
        foreach (Option flag in CommandModel.Settings)
        {
            page.Item($"`{AgentFlags.VariableName(CommandModel.Name(flag))}`", $"stands in for `{CommandModel.Name(flag)}`.");
        }

        return page
            .Heading("Signals")
            .Item("`SIGTERM`, `SIGINT`", "The agent ends within 5 s.")
            .Item("`SIGHUP`", "The configuration is read again. A bad one is refused, logged and counted, and the one from before stays in force.")
            .Heading("Exit status")
            .Item("0", "Done.")
            .Item("1", "The input is wrong: a flag, or the configuration. One line for each error on standard error.")
            .Item("2", "The machine refused: a port that is taken, a file that cannot be read.")
            .Heading("Files")
            .Item($"`{AgentFlags.DefaultFile}`", "The configuration, see mapagent.yaml(5). It may be missing.")
            .Item("`/etc/default/mapagent`", "Variables for the systemd service.")
            .Heading("Examples")
            .Paragraph("What a node's services use, once, as a table:")
            .Verbatim("mapagent once --format=table")
            .Paragraph("Why a family is missing:")
            .Verbatim("mapagent doctor")
            .Paragraph("A configuration that is put in force only when it is good:")
            .Verbatim("mapagent check && systemctl reload mapagent")
            .Heading("See also")
            .Text("`mapagent.yaml`(5), `proc`(5), `systemctl`(1)")
            .ToString();
    }

    private static string Usage(Option option) => CommandModel.Name(option) + (CommandModel.TakesValue(option) ? "=" + CommandModel.Placeholder(option) : "");

    private static string Defaults(Option flag) =>
        CommandModel.TakesValue(flag) && CommandModel.Default(flag) is { Length: > 0 } value ? $" The default is `{value}`." : "";
}
