using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace MapAgent.Commands;

/// <summary>What the terminal tells the loop of <c>top</c>.</summary>
internal enum TopSignal
{
    /// <summary>A key was pressed.</summary>
    Key,

    /// <summary>The terminal has another size, or must be drawn anew.</summary>
    Redraw,

    /// <summary>The command is to end.</summary>
    Quit,
}

/// <summary>
/// The terminal while <c>top</c> has it: the alternate screen without a cursor, keys and signals in one queue. It is given back as it
/// was found, whichever way the command ends or is stopped.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "The thread that waits for keys may add to the queue until the process ends.")]
internal sealed class TopScreen : IDisposable
{
    // Besides what was set here, the runtime's own console switches the keypad on when it reads keys.
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private const string Leave = "\u001b[0m\u001b[?1l\u001b>\u001b[?25h\u001b[?1049l";

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly BlockingCollection<(TopSignal Signal, ConsoleKeyInfo Key)> _events = [];
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Suspension _suspension = new();
    private readonly Lock _lock = new();
    private bool _entered;
    private bool _ended;

    /// <summary>Takes the terminal.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Dispose disposes of all registrations.")]
    [SuppressMessage("Interoperability", "CA1416", Justification = "The agent is for Linux.")]
    public TopScreen()
    {
        _registrations =
        [
            On(PosixSignal.SIGTERM, End), On(PosixSignal.SIGINT, End), On(PosixSignal.SIGQUIT, End), On(PosixSignal.SIGHUP, End),
            On(PosixSignal.SIGWINCH, _ => _events.Add((TopSignal.Redraw, default))),
            // Stopped with Ctrl-Z: the shell gets its screen back first.
            On(PosixSignal.SIGTSTP, Suspend),
            On(PosixSignal.SIGCONT, _ =>
            {
                Write(Enter, entered: true);
                _events.Add((TopSignal.Redraw, default));
            }),
        ];
        Write(Enter, entered: true);
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Columns and lines.</summary>
    public static (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>Waits for the next event.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="signal">What came.</param>
    /// <param name="key">The key, if one was pressed.</param>
    /// <returns>False when nothing came.</returns>
    public bool TryWait(TimeSpan patience, out TopSignal signal, out ConsoleKeyInfo key)
    {
        bool came = _events.TryTake(out (TopSignal Signal, ConsoleKeyInfo Key) next, patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        (signal, key) = next;
        return came;
    }

    /// <summary>Draws a frame over the one before, in one write, so that nothing flickers.</summary>
    public void Draw(string frame)
    {
        lock (_lock)
        {
            if (_entered)
            {
                Put(frame);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
        }

        Array.ForEach(_registrations, static registration => registration.Dispose());
        Write(Leave, entered: false);
        _output.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _events.Add((TopSignal.Quit, default));
    }

    // The runtime, once it has told of the signal, does not stop the process.
    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        Write(Leave, entered: false);
        _suspension.Take();
    }

    private void Write(string text, bool entered)
    {
        lock (_lock)
        {
            if (_entered != entered)
            {
                _entered = entered;
                Put(text);
            }
        }
    }

    private void Put(string text)
    {
        try
        {
            _output.Write(Encoding.UTF8.GetBytes(text));
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone: nobody can be told, and there is nothing to give back.
            _events.Add((TopSignal.Quit, default));
        }
    }

    private void ReadKeys()
    {
        try
        {
            while (true)
            {
                _events.Add((TopSignal.Key, Console.ReadKey(intercept: true)));
            }
        }
        catch (InvalidOperationException)
        {
            // No more keys will come: the terminal is gone.
            _events.Add((TopSignal.Quit, default));
        }
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action<PosixSignalContext> handler) => PosixSignalRegistration.Create(signal, handler);
}
