namespace MapAgent.Procfs;

/// <summary>Where procfs is mounted: /proc, /host/proc in a container, or a captured tree in a test.</summary>
/// <param name="Path">An absolute path or one relative to the working directory, without a trailing slash.</param>
internal readonly record struct ProcRoot(string Path)
{
    /// <summary>The mount point every distribution uses.</summary>
    public static readonly ProcRoot Default = new("/proc");

    /// <summary>The path of a file below the root, for messages and for files that are read once at start.</summary>
    public string File(string name) => Path + "/" + name;

    /// <summary>True when this is the machine's own /proc, so that files beside it (/etc/passwd) belong to the same system.</summary>
    public bool IsOwnSystem => Path == Default.Path;
}
