namespace MapAgent.Sampling;

/// <summary>The limit that has left no place for a process.</summary>
internal enum Crowding
{
    /// <summary>It has its place.</summary>
    None,

    /// <summary>Too many groups: it is in the group <c>other</c>.</summary>
    Groups,

    /// <summary>Too many processes with a series of their own: it shares one.</summary>
    Processes,
}
