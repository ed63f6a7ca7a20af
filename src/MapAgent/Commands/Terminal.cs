using System;

namespace MapAgent.Commands;

/// <summary>
/// The type of the terminal, withheld from the runtime's console: with its first output that would tell a terminal it knows to send other
/// keys, and leave it so. Only <c>top</c>, which reads keys and puts the terminal back, lets the console know.
/// </summary>
internal sealed class Terminal
{
    private const string Variable = "TERM";

    private readonly string? _type = Environment.GetEnvironmentVariable(Variable);

    private Terminal()
    {
    }

    /// <summary>False when nothing is known of it, or that it can do no more than print.</summary>
    public bool MovesCursor => Ink.Moves(_type);

    /// <summary>The colour that standard output takes.</summary>
    public Ink Ink => new(!Console.IsOutputRedirected && Ink.Takes(_type, Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Takes the type out of the environment, before anything is written.</summary>
    public static Terminal Withhold()
    {
        Terminal terminal = new();
        Environment.SetEnvironmentVariable(Variable, null);
        return terminal;
    }

    /// <summary>Lets the console know, before the first output.</summary>
    public void Reveal() => Environment.SetEnvironmentVariable(Variable, _type);
}
