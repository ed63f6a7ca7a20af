using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MapAgent.Hosting.Configuration;
using MapAgent.Tests.Web;
using MapAgent.Web;

namespace MapAgent.Tests.Hosting;

/// <summary>A folder with a web configuration and the certificates that the cases name.</summary>
internal sealed class WebFolder : IDisposable
{
    /// <summary>A hash of "secret" at the least cost.</summary>
    public const string Hash = "$2y$04$dFkEQzRZGoHBDegtUSqypeNandEk70YJd54pB2rcRMqnyHpq5Y7f.";

    private readonly string _folder = Directory.CreateTempSubdirectory("mapagent-web-").FullName;

    /// <summary>Writes server.crt, server.key and ca.crt.</summary>
    public WebFolder()
    {
        Write("ca.crt", Certificates.Authority);
        Write("empty.crt", "no certificate\n");
        TestCertificates.Write(_folder, "server", Certificates.Server());
    }

    /// <summary>The authority.</summary>
    public TestCertificates Certificates { get; } = new();

    /// <summary>The web configuration.</summary>
    public string File => PathOf("web.yml");

    /// <summary>The path of a file.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file.</summary>
    public void Write(string name, string text) => System.IO.File.WriteAllText(PathOf(name), text);

    /// <summary>Reads a web configuration.</summary>
    /// <returns>The policy, and errors and warnings without the folder's name.</returns>
    public (WebPolicy? Policy, string[] Issues) Read(string yaml)
    {
        Write("web.yml", yaml);
        WebPolicy? policy = WebFileReader.Read(File, TimeProvider.System, new WatchedFiles(), out IReadOnlyList<ConfigurationIssue> issues);
        return (policy, [.. issues.Select(issue => issue.ToString().Replace(_folder + "/", "", StringComparison.Ordinal))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
