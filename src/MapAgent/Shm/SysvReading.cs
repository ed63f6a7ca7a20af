using System;
using System.Collections.Generic;
using System.Threading;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// Reads System V shared memory. The file shows the reader's own IPC namespace whichever /proc it is opened in, so each other
/// namespace is entered by a thread that ends afterwards (setns(2); wants CAP_SYS_ADMIN).
/// </summary>
internal sealed class SysvReading(ProcReader reader)
{
    private const int NewIpc = 0x08000000;
    private readonly List<SysvSegment> _segments = [];

    /// <summary>False once another namespace was refused: what is in it is not in the values.</summary>
    public bool MayEnter { get; private set; } = true;

    /// <summary>Reads the own namespace and those of the processes.</summary>
    /// <param name="own">Number of the agent's IPC namespace; 0 where unknown.</param>
    /// <param name="others">A process in each other namespace.</param>
    /// <returns>Null when not even the own one can be read.</returns>
    public SysvValues? Read(ulong own, IReadOnlyDictionary<ulong, int> others)
    {
        if (!Read(out SysvValues values))
        {
            return null;
        }

        foreach ((ulong number, int pid) in others)
        {
            if (number != own && own != 0 && MayEnter && ReadInside(pid) is { } inside)
            {
                values = new SysvValues(
                    values.Bytes + inside.Bytes, values.Segments + inside.Segments,
                    values.UnattachedBytes + inside.UnattachedBytes, values.ResidentBytes + inside.ResidentBytes);
            }
        }

        return values;
    }

    private SysvValues? ReadInside(int pid)
    {
        SysvValues? values = null;
        Thread thread = new(() =>
        {
            if (Enter(pid) && Read(out SysvValues inside))
            {
                values = inside;
            }
        }, 256 << 10)
        { IsBackground = true, Name = "ipc namespace" };
        thread.Start();
        thread.Join();
        return values;
    }

    private bool Enter(int pid)
    {
        if (reader.Open(pid, out ProcessDirectory directory) != ReadOutcome.Ok)
        {
            return false;
        }

        using (directory)
        {
            ReadOutcome outcome = ShmReader.Enter(directory, "ns/ipc"u8, NewIpc);
            if (outcome == ReadOutcome.Denied)
            {
                reader.Ledger.Record(ProcFile.SysvShm, outcome);
                MayEnter = false;
            }

            return outcome == ReadOutcome.Ok;
        }
    }

    private bool Read(out SysvValues values)
    {
        values = new SysvValues(0, 0, 0, 0);
        ReadOutcome outcome = reader.Read(ProcFile.SysvShm, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? SysvShm.Parse(text, _segments) : outcome;
        if (reader.Ledger.Record(ProcFile.SysvShm, outcome) != ReadOutcome.Ok)
        {
            return false;
        }

        long unattached = 0;
        long resident = 0;
        long swapped = 0;
        foreach (SysvSegment segment in _segments)
        {
            resident += segment.ResidentBytes;
            swapped += segment.SwapBytes;
            unattached += segment.Attached == 0 ? segment.ResidentBytes + segment.SwapBytes : 0;
        }

        values = new SysvValues(resident + swapped, _segments.Count, unattached, resident);
        return true;
    }
}
