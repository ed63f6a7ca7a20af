using System;
using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A process that is watched: it sleeps, and maps what it is told.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static int s_number;
    private readonly ChildProcess _process;
    private int _answers;

    private Victim(ChildProcess process) => _process = process;

    /// <summary>The pid.</summary>
    public int Pid => _process.Id;

    /// <summary>A name that no other process has.</summary>
    public static string UniqueComm() => $"vm{Environment.ProcessId % 100000}-{++s_number}";

    /// <summary>Starts a victim under a name of its own.</summary>
    public static async Task<Victim> StartAsync(string comm, params string[] commands) =>
        await StartAsync(await NativePrograms.PathAsync("victim"), [], [Comm(Encoding.UTF8.GetBytes(comm)), .. commands]);

    /// <summary>Starts a victim through other programs, such as setpriv.</summary>
    public static async Task<Victim> StartAsync(string file, IEnumerable<string> arguments, IEnumerable<string> commands)
    {
        Victim victim = new(ChildProcess.Start(file, arguments));
        try
        {
            await victim.AnsweredAsync();
            foreach (string command in commands)
            {
                await victim.DoAsync(command);
            }

            return victim;
        }
        catch
        {
            await victim.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a victim as an unprivileged user.</summary>
    public static async Task<Victim> StartUnprivilegedAsync(string comm, params string[] commands) =>
        await StartAsync("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", await NativePrograms.PathAsync("victim")],
            [Comm(Encoding.UTF8.GetBytes(comm)), .. commands]);

    /// <summary>The command that sets the name to any bytes.</summary>
    public static string Comm(byte[] name) => "comm " + Convert.ToHexString(name);

    /// <summary>Gives it a command and waits until it is carried out.</summary>
    public async Task DoAsync(string command)
    {
        await _process.WriteLineAsync(command);
        await AnsweredAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AnsweredAsync()
    {
        _answers++;
        await Wait.UntilAsync("the victim's answer", s_patience, () =>
        {
            string[] lines = _process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(lines, static line => Assert.Equal("ok", line));
            Assert.False(_process.HasExited, "the victim ended: " + _process.Errors);
            return lines.Length >= _answers;
        });
    }
}
