using System;
using System.IO;

namespace MapAgent.SystemTests.Harness;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the tests' fixtures.</summary>
    public static string Fixture(string name) => Path.Combine(Root, "tests", "MapAgent.SystemTests", "Fixtures", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MapAgent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new FileNotFoundException("MapAgent.sln is in no folder above the tests");
    }
}
