using System;
using MapAgent.Sampling;

namespace MapAgent.Commands;

/// <summary>Passes, keys and frames of <c>top</c>, one after the other on one thread.</summary>
internal sealed class TopLoop(Pass pass, TopScreen screen, TopView view, TimeProvider clock, TimeSpan interval)
{
    private Snapshot? _before;
    private Snapshot? _snapshot;

    /// <summary>Runs until it is told to end.</summary>
    public void Run()
    {
        long due = clock.GetTimestamp();
        while (true)
        {
            TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), due);
            if (!screen.TryWait(left, out TopSignal signal, out ConsoleKeyInfo key))
            {
                due = Measure();
            }
            else if (signal == TopSignal.Quit || (signal == TopSignal.Key && IsQuit(key)))
            {
                return;
            }
            else if (signal == TopSignal.Key && key.Key == ConsoleKey.Spacebar)
            {
                due = Measure();
            }
            else if (signal == TopSignal.Key)
            {
                view.Press(key, TopScreen.Size.Height);
            }

            if (_snapshot is not null)
            {
                (int width, int height) = TopScreen.Size;
                screen.Draw(view.Frame(_snapshot, _before, clock, width, height));
            }
        }
    }

    // The next pass is due an interval after this one began; a pass that took longer is followed by another at once, but by no more.
    private long Measure()
    {
        long began = clock.GetTimestamp();
        _before = _snapshot;
        _snapshot = pass.Run();
        return began + (long)(interval.TotalSeconds * clock.TimestampFrequency);
    }

    private static bool IsQuit(ConsoleKeyInfo key) => key.KeyChar is 'q' or 'Q' || key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control };
}
