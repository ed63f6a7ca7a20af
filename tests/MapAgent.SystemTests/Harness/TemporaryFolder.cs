using System;
using System.IO;

namespace MapAgent.SystemTests.Harness;

/// <summary>A folder that every user may read, removed with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it below the system's folder for such, or another one.</summary>
    public TemporaryFolder(string? parent = null)
    {
        Path = parent is null
            ? Directory.CreateTempSubdirectory("mapagent-").FullName
            : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"mapagent-{Guid.NewGuid():N}")).FullName;
        System.IO.File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into it.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
