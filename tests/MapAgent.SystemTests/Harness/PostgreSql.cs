using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A PostgreSQL server of the distribution in a mount namespace of the tests, reachable through a socket in its own folder.</summary>
internal sealed class PostgreSql : IAsyncDisposable
{
    private static readonly string[] s_postgres = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"];
    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _server;

    private static string Programs =>
        Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").OrderBy(static folder => int.Parse(Path.GetFileName(folder))).Last(), "bin");

    /// <summary>Makes a database and starts the server.</summary>
    public static async Task<PostgreSql> StartAsync(ShmSpace space)
    {
        PostgreSql postgres = new();
        string data = postgres._folder.File("data");
        string socket = postgres._folder.File("socket");
        await RunAsync("install", "-d", "-o", "postgres", "-g", "postgres", "-m", "700", data, socket);
        await RunAsync(s_postgres[0], [.. s_postgres[1..], Path.Combine(Programs, "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        // Its System V segment must not outlive it.
        postgres._server = ChildProcess.Start("nsenter", space.Enter(
        [
            "unshare", "-i", .. s_postgres, Path.Combine(Programs, "postgres"), "-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off",
            "-c", "dynamic_shared_memory_type=posix",
        ]));
        await Wait.UntilAsync("PostgreSQL", TimeSpan.FromSeconds(30), async () =>
        {
            Assert.False(postgres._server.HasExited, postgres._server.Errors);
            return (await ChildProcess.RunAsync(Path.Combine(Programs, "psql"), postgres.Psql("select 1"))).ExitCode == 0;
        });
        return postgres;
    }

    /// <summary>Runs statements, each in a transaction of its own.</summary>
    public async Task QueryAsync(params string[] statements) => await RunAsync(Path.Combine(Programs, "psql"), Psql(statements));

    /// <summary>Begins to run statements.</summary>
    public ChildProcess Begin(params string[] statements) => ChildProcess.Start(Path.Combine(Programs, "psql"), Psql(statements));

    /// <summary>Kills the server, which leaves behind what it would have tidied up.</summary>
    public void Kill() => _server!.Signal(Signals.Kill);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            // The others see that it is gone, and end by themselves.
            string name = _folder.Path;
            await Wait.UntilAsync("the end of its processes", TimeSpan.FromSeconds(20), () => !Kernel.Processes().Any(pid => WorksIn(pid, name)));
        }

        _folder.Dispose();
    }

    private static bool WorksIn(int pid, string folder)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{pid}/cwd", false)?.FullName.StartsWith(folder, StringComparison.Ordinal) == true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        (int code, _, string errors) = await ChildProcess.RunAsync(file, arguments);
        Assert.True(code == 0, errors);
    }

    private string[] Psql(params string[] statements) =>
        ["-X", "-q", "-U", "postgres", "-h", _folder.File("socket"), "-d", "postgres", .. statements.SelectMany(static one => (string[])["-c", one])];
}
