using System;
using System.IO;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>What was measured on the way, for people: artifacts/system-tests.txt, since the runner keeps the output of good tests to itself.</summary>
internal static class Figures
{
    /// <summary>Adds a line.</summary>
    public static void Report(string line)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName;
        File.AppendAllText(Path.Combine(folder, "system-tests.txt"),
            FormattableString.Invariant($"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} {TestContext.Current.TestMethod?.MethodName}: {line}\n"));
    }
}
