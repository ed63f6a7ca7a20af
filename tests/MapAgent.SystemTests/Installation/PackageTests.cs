using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>The Debian package as a file, and its life on a machine.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Configuration = "/etc/mapagent/mapagent.yaml";
    private const string Variables = "/etc/default/mapagent";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Lintian_finds_nothing()
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync(
            "lintian", ["--allow-root", "--fail-on", "error,warning", Package.File], patience: TimeSpan.FromMinutes(5));
        Assert.True(code == 0, output + errors);
        Figures.Report($"binary {new FileInfo(Agent.Binary).Length:N0} bytes, {Path.GetFileName(Package.File)} {new FileInfo(Package.File).Length:N0} bytes");
    }

    /// <summary>Whatever else lies about in these folders, such as what the generator of the dashboards was built into, stays there.</summary>
    [Fact]
    public async Task The_rules_and_the_dashboards_are_shipped_and_nothing_beside_them()
    {
        const string Shared = "/usr/share/mapagent/";
        (int code, string list, string errors) = await ChildProcess.RunAsync("dpkg-deb", ["--contents", Package.File]);
        Assert.True(code == 0, errors);
        string[] expected = [.. new[] { ("alerts", "*.rules.yml"), ("dashboards", "*.json") }
            .SelectMany(static pair => Directory.GetFiles(Path.Combine(Repository.Root, pair.Item1), pair.Item2))
            .Select(static file => Shared + Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];
        Assert.True(expected.Length > 2, string.Join(' ', expected));
        Assert.Equal(expected, list.Split('\n').Select(static line => line.Split(" .")[^1])
            .Where(static path => path.StartsWith(Shared, StringComparison.Ordinal) && !path.EndsWith('/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_binary_gives_the_same_package()
    {
        byte[] again = await File.ReadAllBytesAsync(await Package.BuildAsync(_folder.Path), TestContext.Current.CancellationToken);
        byte[] built = await File.ReadAllBytesAsync(Package.File, TestContext.Current.CancellationToken);
        Assert.True(again.SequenceEqual(built), $"another build differs from {Package.File}: is that one of this commit?");
    }

    [Fact]
    public async Task It_is_installed_upgraded_removed_and_purged_like_any_other()
    {
        await using Machine machine = await Machine.BootAsync();
        string[] before = await FilesAsync(machine);
        await Package.InstallAsync(machine, Package.File);
        Assert.Equal("active", await machine.RunAsync("systemctl", "is-active", "mapagent"));
        Assert.Equal("", await machine.RunAsync("dpkg", "--verify", "mapagent"));
        Assert.Contains("good", await machine.RunAsync("mapagent", "check"), StringComparison.Ordinal);

        // One file is changed here only, the other one in the new package too.
        string variables = machine.Read(Variables) + "MAPAGENT_LOG_LEVEL=debug\n";
        string configuration = "process_names: [{name: mine, cmdline: ['.+']}]\n";
        machine.Write(Variables, variables);
        machine.Write(Configuration, configuration);
        string pid = await machine.RunAsync("systemctl", "show", "-p", "MainPID", "--value", "mapagent");
        await Package.InstallAsync(machine, await NewerAsync());
        Assert.Equal("9.9.9", await machine.RunAsync("dpkg-query", "-W", "-f", "${Version}", "mapagent"));
        Assert.Equal((variables, configuration), (machine.Read(Variables), machine.Read(Configuration)));
        Assert.Contains("a newer line", machine.Read(Configuration + ".dpkg-dist"), StringComparison.Ordinal);
        Assert.Equal("active", await machine.RunAsync("systemctl", "is-active", "mapagent"));
        Assert.NotEqual(pid, await machine.RunAsync("systemctl", "show", "-p", "MainPID", "--value", "mapagent"));

        await machine.RunAsync("apt-get", "remove", "-y", "-qq", "mapagent");
        Assert.Equal("inactive", (await machine.TryAsync("systemctl", "is-active", "mapagent")).Output.Trim());
        Assert.False(machine.Has("/usr/bin/mapagent"));
        Assert.Equal((variables, configuration), (machine.Read(Variables), machine.Read(Configuration)));

        await Package.InstallAsync(machine, Package.File);
        Assert.Equal("active", await machine.RunAsync("systemctl", "is-active", "mapagent"));
        Assert.Equal((variables, configuration), (machine.Read(Variables), machine.Read(Configuration)));
        File.Delete(Path.Combine(machine.Root, Configuration.TrimStart('/') + ".dpkg-dist"));

        await machine.RunAsync("apt-get", "purge", "-y", "-qq", "mapagent");
        Assert.NotEqual(0, (await machine.TryAsync("dpkg-query", "-W", "mapagent")).ExitCode);
        Assert.Equal(before, await FilesAsync(machine));
        // The account stays, as Debian's do: its number must not become another one's. It owns nothing.
        Assert.Contains("/usr/sbin/nologin", await machine.RunAsync("getent", "passwd", "mapagent"), StringComparison.Ordinal);

        // Where no systemd runs, as in the making of an image, the service is enabled and left alone.
        await machine.RunAsync("unshare", "-m", "--propagation", "private", "sh", "-c",
            $"mount -t tmpfs tmpfs /run && dpkg -i /root/{Path.GetFileName(Package.File)} && dpkg --purge mapagent && dpkg -i /root/{Path.GetFileName(Package.File)}");
        Assert.Equal("inactive", (await machine.TryAsync("systemctl", "is-active", "mapagent")).Output.Trim());
        Assert.Equal("enabled", await machine.RunAsync("systemctl", "is-enabled", "mapagent"));
    }

    [Theory]
    [InlineData("mapagent o", "once")]
    [InlineData("mapagent --log.l", "--log.level=")]
    [InlineData("mapagent --log.level = w", "warning")]
    [InlineData("mapagent once --format = ", "prometheus json table")]
    [InlineData("mapagent shm --format = ", "table json")]
    [InlineData("mapagent --log.level = info c", "check")]
    [InlineData("mapagent inspect 1", "1")]
    [InlineData("mapagent check --path.procfs = /pro", "/proc")]
    public async Task Bash_completes(string line, string expected)
    {
        string script = Path.Combine(Repository.Root, "deploy", "completion", "mapagent.bash");
        (int code, string output, string errors) = await ChildProcess.RunAsync("bash", ["-c",
            "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _mapagent; echo \"${COMPREPLY[*]}\"", "bash", script, .. line.Split(' ')]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Superset(expected.Split(' ').ToHashSet(), output.Trim().Split(' ').ToHashSet());
        Assert.True(expected == "1" || output.Trim() == expected, output);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // Names of all that is installed and configured; what apt, dpkg and the journal keep of everything is not the package's.
    private static async Task<string[]> FilesAsync(Machine machine)
    {
        string found = await machine.RunAsync("sh", "-c",
            "find / -xdev \\( -path /root -o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /tmp \\) -prune -o -print | LC_ALL=C sort");
        // useradd and systemd-sysusers keep copies of what they change.
        return [.. found.Split('\n').Where(static path => path is not ("/etc/passwd-" or "/etc/group-" or "/etc/shadow-" or "/etc/gshadow-" or "/etc/.pwd.lock"))];
    }

    private async Task<string> NewerAsync()
    {
        string tree = _folder.File("newer");
        await CheckedAsync("dpkg-deb", "--raw-extract", Package.File, tree);
        string control = Path.Combine(tree, "DEBIAN", "control");
        string fields = Regex.Replace(await File.ReadAllTextAsync(control), "^Version:.*$", "Version: 9.9.9", RegexOptions.Multiline);
        await File.WriteAllTextAsync(control, fields);
        await File.AppendAllTextAsync(tree + Configuration, "# a newer line\n");
        string package = _folder.File("mapagent_9.9.9_amd64.deb");
        await CheckedAsync("dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, package);
        return package;
    }

    private static async Task CheckedAsync(string file, params string[] arguments)
    {
        (int code, _, string errors) = await ChildProcess.RunAsync(file, arguments);
        Assert.True(code == 0, errors);
    }
}
