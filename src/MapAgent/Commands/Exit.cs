using System;
using System.Collections.Generic;

namespace MapAgent.Commands;

/// <summary>Exit codes, and how a command says why it failed.</summary>
internal static class Exit
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The user's input is wrong.</summary>
    public const int Input = 1;

    /// <summary>The machine refused.</summary>
    public const int Machine = 2;

    /// <summary>Writes one line per error.</summary>
    /// <returns>The code.</returns>
    public static int With(int code, IEnumerable<string> errors)
    {
        foreach (string error in errors)
        {
            Console.Error.WriteLine("mapagent: " + error);
        }

        return code;
    }
}
