using System;
using System.IO;

namespace MapAgent.Procfs;

/// <summary>
/// A trigger on /proc/pressure/memory (Documentation/accounting/psi.rst): the kernel wakes whoever waits, at most once in a window,
/// when tasks waited for memory for longer than the threshold within it. Since Linux 6.5 everybody may set one whose window is a
/// multiple of two seconds; before that it takes CAP_SYS_RESOURCE.
/// </summary>
internal sealed unsafe class PressureTrigger : IDisposable
{
    private const string BootId = "sys/kernel/random/boot_id";
    private readonly int _file;

    private PressureTrigger(int file) => _file = file;

    /// <summary>Sets a trigger, which holds until it is disposed.</summary>
    /// <param name="reader">Its root, and its books.</param>
    /// <param name="scope"><c>some</c>: any task waits; <c>full</c>: all do.</param>
    /// <param name="threshold">How long, within the window.</param>
    /// <param name="window">From 500 ms to 10 s.</param>
    /// <param name="trigger">Null unless Ok.</param>
    /// <returns>Ok; Gone where the kernel has no PSI; Denied; Failed where it is switched off or too old for an agent without rights.</returns>
    public static ReadOutcome Set(ProcReader reader, string scope, TimeSpan threshold, TimeSpan window, out PressureTrigger? trigger)
    {
        trigger = null;
        ReadOutcome outcome = reader.OpenToWrite(ProcFile.PressureTrigger, out int file);
        if (outcome is ReadOutcome.Denied or ReadOutcome.Failed && !reader.Root.IsOwnSystem)
        {
            outcome = OpenOwn(reader, outcome, out file);
        }

        if (outcome == ReadOutcome.Ok)
        {
            string text = FormattableString.Invariant($"{scope} {(long)threshold.TotalMicroseconds} {(long)window.TotalMicroseconds}\0");
            outcome = reader.Write(file, System.Text.Encoding.ASCII.GetBytes(text));
            if (outcome == ReadOutcome.Ok)
            {
                trigger = new PressureTrigger(file);
            }
            else
            {
                Libc.Close(file);
            }
        }

        return reader.Ledger.Record(ProcFile.PressureTrigger, outcome);
    }

    /// <summary>Waits until it has fired.</summary>
    /// <param name="most">How long to wait.</param>
    /// <returns>True when it has; false when the time is up; null when it will fire no more.</returns>
    public bool? Wait(TimeSpan most)
    {
        Libc.PollEntry entry = new() { File = _file, Wanted = Libc.Urgent };
        int ready = Libc.Poll(&entry, 1, (int)most.TotalMilliseconds);
        // Less than 0 is a signal that came between.
        return ready <= 0 ? false : (entry.Got & Libc.Broken) != 0 ? null : (entry.Got & Libc.Urgent) != 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Libc.Close(_file);

    // A container has the node's procfs read-only. Its own is of the same kernel, and there is one pressure of the whole kernel.
    private static ReadOutcome OpenOwn(ProcReader reader, ReadOutcome refused, out int file)
    {
        file = -1;
        try
        {
            using ProcReader own = new(ProcRoot.Default);
            return reader.Read(BootId, ProcFile.PressureTrigger, out ReadOnlySpan<byte> there) == ReadOutcome.Ok
                && own.Read(BootId, ProcFile.PressureTrigger, out ReadOnlySpan<byte> here) == ReadOutcome.Ok
                && here.SequenceEqual(there) ? own.OpenToWrite(ProcFile.PressureTrigger, out file) : refused;
        }
        catch (IOException)
        {
            // No procfs of its own.
            return refused;
        }
    }
}
