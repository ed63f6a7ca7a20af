namespace MapAgent.SystemTests.Compatibility;

/// <summary>A configuration file and the processes that it is tried on.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Rules">The entries of process_names, in YAML's flow style, without the outer brackets.</param>
/// <param name="Targets">The processes; their names begin with mt, so that they are nobody else's.</param>
internal sealed record CompatibilityCase(string Name, string Rules, params Target[] Targets)
{
    /// <summary>False switches the adoption of children off on both sides.</summary>
    public bool Children { get; init; } = true;
}

/// <summary>A process to start.</summary>
/// <param name="File">Name of the executable file, from which comm is taken.</param>
/// <param name="Arguments">Its arguments without the first.</param>
internal sealed record Target(string File, params string[] Arguments)
{
    /// <summary>The first argument; null for the path of the file. FOLDER stands for the folder of the file.</summary>
    public string? Argv0 { get; init; }

    /// <summary>True for a process of an unprivileged user.</summary>
    public bool Unprivileged { get; init; }

    /// <summary>What it is told to do.</summary>
    public string[] Commands { get; init; } = [];
}
