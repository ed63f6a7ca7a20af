namespace MapAgent.Commands;

/// <summary>Colour for tables that are printed once: only on a terminal that has it, and whose user wants it.</summary>
/// <param name="IsOn">False leaves every text as it is.</param>
internal readonly record struct Ink(bool IsOn)
{
    /// <summary>No colour, for files and pipes.</summary>
    public static Ink None => new(false);

    /// <summary>True unless the environment says no: NO_COLOR that is not empty (no-color.org), a dumb terminal, or none.</summary>
    public static bool Takes(string? term, string? noColor) => string.IsNullOrEmpty(noColor) && Moves(term);

    /// <summary>True for a terminal that can do more than print.</summary>
    public static bool Moves(string? term) => term is not (null or "" or "dumb");

    /// <summary>The head of a table, or a title.</summary>
    public string Head(string text) => Wrap(text, "1");

    /// <summary>What wants attention.</summary>
    public string Warn(string text) => Wrap(text, "33");

    private string Wrap(string text, string code) => IsOn && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
