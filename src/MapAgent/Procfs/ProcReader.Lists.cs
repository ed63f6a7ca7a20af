using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace MapAgent.Procfs;

/// <content>What is in the root: pids, or any names.</content>
internal sealed unsafe partial class ProcReader
{
    /// <summary>Lists the pids in the root, ascending.</summary>
    /// <param name="pids">Cleared and filled.</param>
    public ReadOutcome List(PidList pids)
    {
        pids.Clear();
        Libc.Seek(_root, 0, 0);
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                nint size = Libc.GetDirectoryEntries(_root, buffer, _buffer.Length);
                if (size == 0)
                {
                    pids.Order();
                    return ReadOutcome.Ok;
                }

                if (size < 0)
                {
                    return Classify(Marshal.GetLastPInvokeError());
                }

                pids.TakeEntries(new ReadOnlySpan<byte>(buffer, (int)size));
            }
        }
    }

    /// <summary>Lists the names in the root, whatever they are.</summary>
    /// <param name="names">Takes them.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="isCut">True when there were more.</param>
    public ReadOutcome ListNames(List<string> names, int most, out bool isCut)
    {
        isCut = false;
        fixed (byte* buffer = _buffer)
        {
            nint size;
            while ((size = Libc.GetDirectoryEntries(_root, buffer, _buffer.Length)) > 0 && !isCut)
            {
                isCut = !DirectoryNames.Take(new ReadOnlySpan<byte>(buffer, (int)size), names, most);
            }

            return size < 0 ? Classify(Marshal.GetLastPInvokeError()) : ReadOutcome.Ok;
        }
    }
}
