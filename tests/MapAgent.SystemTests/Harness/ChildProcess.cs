using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>A process that the tests started. It is ended with its test, and with the test run at the latest.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, ChildProcess> s_running = StartReaper();
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _reading = Task.WhenAll(CopyAsync(process.StandardOutput, _output), CopyAsync(process.StandardError, _errors));
        s_running[Id] = this;
    }

    /// <summary>The pid.</summary>
    public int Id { get; }

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors => Text(_errors);

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process whose three streams are pipes.</summary>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo info = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        // What supervises the tests is not what supervises the processes under test.
        foreach (string name in new[] { "NOTIFY_SOCKET", "JOURNAL_STREAM", "WATCHDOG_USEC", "WATCHDOG_PID" })
        {
            info.Environment.Remove(name);
        }

        foreach (KeyValuePair<string, string> variable in environment ?? new Dictionary<string, string>())
        {
            info.Environment[variable.Key] = variable.Value;
        }

        return new ChildProcess(Process.Start(info) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "", TimeSpan? patience = null)
    {
        await using ChildProcess child = Start(file, arguments, environment);
        await child._process.StandardInput.WriteAsync(input);
        child.CloseInput();
        int code = await child.WaitAsync(patience ?? TimeSpan.FromSeconds(60));
        return (code, child.Output, child.Errors);
    }

    /// <summary>Writes one line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Signals.Send(Id, signal);

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code, 128 and the signal for one that was killed.</returns>
    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using CancellationTokenSource late = new(patience);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _reading.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} did not end within {patience.TotalSeconds} s; its errors:\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (s_running.TryRemove(Id, out _))
        {
            if (!_process.HasExited)
            {
                Signal(Signals.Kill);
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static async Task CopyAsync(StreamReader from, StringBuilder to)
    {
        char[] buffer = new char[8192];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            lock (to)
            {
                to.Append(buffer, 0, count);
            }
        }
    }

    private static ConcurrentDictionary<int, ChildProcess> StartReaper()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (int pid in s_running.Keys)
            {
                Signals.Send(pid, Signals.Kill);
            }
        };
        return [];
    }
}
