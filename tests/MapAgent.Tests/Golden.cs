using System;
using System.IO;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests;

/// <summary>Files that are compared with what the code makes; UPDATE_GOLDEN=1 rewrites them.</summary>
internal static class Golden
{
    /// <summary>Compares, or rewrites.</summary>
    /// <param name="relative">The file below the repository's root.</param>
    /// <param name="actual">What the code makes.</param>
    public static void Compare(string relative, string actual)
    {
        string path = RepositoryRoot.File(relative);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{relative} is missing; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
