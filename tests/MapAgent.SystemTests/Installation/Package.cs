using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>The Debian package of the published binary: MAPAGENT_PACKAGE, else the newest one in artifacts.</summary>
internal static class Package
{
    private static readonly string[] s_install =
        ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "-o", "Dpkg::Options::=--force-confold"];

    /// <summary>The file.</summary>
    public static string File { get; } = Find();

    /// <summary>Runs build.sh, into a folder of the caller's.</summary>
    public static async Task<string> BuildAsync(string output)
    {
        (int code, string text, string errors) = await ChildProcess.RunAsync(
            Path.Combine(Repository.Root, "deploy", "debian", "build.sh"), [Agent.Binary, output], patience: TimeSpan.FromMinutes(10));
        Assert.True(code == 0, text + errors);
        return Directory.GetFiles(output, "*.deb").Single();
    }

    /// <summary>Installs a package file in a machine, as apt does it without asking anybody.</summary>
    public static async Task InstallAsync(Machine machine, string file)
    {
        string target = "/root/" + Path.GetFileName(file);
        machine.Put(file, target);
        await machine.RunAsync([.. s_install, target]);
    }

    private static string Find() => Environment.GetEnvironmentVariable("MAPAGENT_PACKAGE") is { Length: > 0 } chosen
        ? chosen
        : Directory.GetFiles(Path.Combine(Repository.Root, "artifacts"), "mapagent_*.deb").MaxBy(System.IO.File.GetLastWriteTimeUtc)
            ?? throw new FileNotFoundException("artifacts/mapagent_*.deb: run deploy/debian/build.sh");
}
