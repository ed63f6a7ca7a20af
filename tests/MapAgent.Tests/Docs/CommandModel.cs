using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Linq;
using MapAgent.Commands;

namespace MapAgent.Tests.Docs;

/// <summary>The command line as the program itself parses it, for what is made from it: manual page, completion, /etc/default.</summary>
internal static class CommandModel
{
    private static readonly RootCommand s_root = CommandLine.Create(Terminal.Withhold());

    /// <summary>The commands, in the order of the program.</summary>
    public static IReadOnlyList<Command> Commands { get; } = [.. s_root.Subcommands.Where(static command => !command.Hidden)];

    /// <summary>The flags of all commands, --help and --version among them.</summary>
    public static IReadOnlyList<Option> Flags { get; } = [.. s_root.Options.Where(static option => !option.Hidden)];

    /// <summary>The flags that take a value.</summary>
    public static IEnumerable<Option> Settings => Flags.Where(TakesValue);

    /// <summary>A command's own options.</summary>
    public static IEnumerable<Option> Own(Command command) => command.Options.Where(static option => !option.Hidden);

    /// <summary>The longest name of an option, which is the one that the documents use.</summary>
    public static string Name(Option option) => option.Aliases.Append(option.Name).OrderByDescending(static name => name.Length).First();

    /// <summary>True when a value follows.</summary>
    public static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    /// <summary>The values that an option knows, in the order of the program; empty when any will do.</summary>
    public static IReadOnlyList<string> Values(Option option) =>
        [.. option.CompletionSources.SelectMany(static source => source(CompletionContext.Empty)).Select(static item => item.Label).Distinct()];

    /// <summary>The default of a flag as one writes it.</summary>
    public static string Default(Option option) => option.GetDefaultValue() switch
    {
        string text => text,
        string[] list => string.Join(',', list),
        object value => value.ToString()!.ToLowerInvariant(),
        null => "",
    };

    /// <summary>What stands for the value in a usage line.</summary>
    public static string Placeholder(Option option)
    {
        string name = Name(option);
        return Values(option) is { Count: > 0 } values ? string.Join('|', values)
            : IsFile(option) ? "FILE"
            : IsFolder(option) ? "FOLDER"
            : name.EndsWith("-address", StringComparison.Ordinal) ? "ADDRESS:PORT"
            : name.EndsWith("-path", StringComparison.Ordinal) ? "PATH"
            : "VALUE";
    }

    /// <summary>True for options whose value is a file.</summary>
    public static bool IsFile(Option option) => Name(option).EndsWith(".file", StringComparison.Ordinal);

    /// <summary>True for options whose value is a folder.</summary>
    public static bool IsFolder(Option option) => Name(option).StartsWith("--path.", StringComparison.Ordinal);
}
