namespace MapAgent.Hosting.Configuration;

/// <summary>One thing to say about the configuration.</summary>
/// <param name="Source">The file, or the name of an environment variable.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="IsWarning">True when the configuration can be used all the same.</param>
internal sealed record ConfigurationIssue(string Source, long Line, string Message, bool IsWarning = false)
{
    /// <summary>As compilers say it: <c>file:line: message</c>.</summary>
    public override string ToString() =>
        Line > 0 ? $"{Source}:{Line}: {Prefix}{Message}" : $"{Source}: {Prefix}{Message}";

    private string Prefix => IsWarning ? "warning: " : "";
}
