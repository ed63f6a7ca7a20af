using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Tests.Procfs;

/// <summary>A real process of this machine; killed when the test ends.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Its pid.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts a program with redirected input and output.</summary>
    public static Child Start(string program, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>A process that sleeps.</summary>
    public static Child Sleeping() => Start("sleep", "1000");

    /// <summary>Sends a line.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for a line.</summary>
    public string Hear() => _process.StandardOutput.ReadLine() ?? throw new IOException("the child said nothing");

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string signal)
    {
        using Child kill = Start("kill", "-s", signal, $"{Pid}");
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended and is waited for.</summary>
    public void WaitForExit() => _process.WaitForExit();

    /// <summary>Kills it and waits until its pid is free.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits until the kernel shows a state of a process, as field 3 of stat.</summary>
    public static void WaitForState(int pid, char state) => WaitUntil(pid, text => text[text.LastIndexOf(')') + 2] == state);

    /// <summary>Waits until the kernel shows a name of a process.</summary>
    public static void WaitForComm(int pid, string comm) => WaitUntil(pid, text => text.Contains($"({comm})", StringComparison.Ordinal));

    /// <summary>Waits until a process has a heap: its loader and its first instructions are behind it.</summary>
    public static void WaitForHeap(int pid) => WaitUntil($"{pid}/maps", static text => text.Contains("[heap]", StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void WaitUntil(int pid, Func<string, bool> seen) => WaitUntil($"{pid}/stat", seen);

    private static void WaitUntil(string file, Func<string, bool> seen)
    {
        for (int tries = 0; !seen(File.ReadAllText(ProcRoot.Default.File(file))); tries++)
        {
            if (tries == 1_000)
            {
                throw new TimeoutException($"process {file[..file.IndexOf('/', StringComparison.Ordinal)]} did not become what it should");
            }

            Thread.Sleep(10);
        }
    }
}
