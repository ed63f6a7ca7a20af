using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace MapAgent.Tests;

/// <summary>Captured files of /proc; Fixtures/README.md says which are captured and which are crafted.</summary>
internal static class Fixture
{
    private static readonly string s_root = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    /// <summary>The bytes of one file.</summary>
    public static byte[] Bytes(string kernel, string process, string file) => File.ReadAllBytes(Path.Combine(s_root, kernel, process, file));

    /// <summary>Names of the captured files of one process.</summary>
    public static IEnumerable<string> Files(string kernel, string process) =>
        Directory.EnumerateFiles(Path.Combine(s_root, kernel, process)).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Every fixture of this name, of all kernels; in the same order on every machine.</summary>
    public static byte[][] All(string file, bool node = false) =>
    [
        .. Directory.EnumerateDirectories(s_root).SelectMany(Directory.EnumerateDirectories)
            .Where(process => (Path.GetFileName(process) == "node") == node)
            .Select(process => Path.Combine(process, file)).Where(File.Exists).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];
}
