using System;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/stat, proc(5). One line, readable by everybody:
/// <c>42 (a) (b) S 1 42 42 0 -1 4194560 105 0 2 0 0 0 0 0 20 0 1 0 1234 2752512 331 18446744073709551615 ...</c>.
/// </summary>
internal ref struct Stat
{
    // include/linux/sched.h: PF_KTHREAD.
    private const ulong KernelThreadFlag = 0x0020_0000;

    // No machine has 2^45 pages or runs for 10^12 ticks (300 years): what is beyond is no kernel's, and sums of what is below
    // fit 63 bits of bytes.
    private const long MostPages = 1L << 45;
    private const ulong MostTicks = 1_000_000_000_000;

    /// <summary>Field 1.</summary>
    public int Pid;

    /// <summary>Field 2 without its parentheses: any bytes at all, 15 at most for a process.</summary>
    public ReadOnlySpan<byte> Comm;

    /// <summary>Field 3: R, S, D, T, t, Z, X, I.</summary>
    public byte State;

    /// <summary>Field 4; 0 for the first process and for parents outside the pid namespace.</summary>
    public int ParentPid;

    /// <summary>Field 9, the kernel's PF_ flags.</summary>
    public ulong Flags;

    /// <summary>Field 10, faults served without waiting for a disk; dead threads included, children not.</summary>
    public ulong MinorFaults;

    /// <summary>Field 12, faults that waited; dead threads included, children not.</summary>
    public ulong MajorFaults;

    /// <summary>Fields 14 and 15 together, in clock ticks.</summary>
    public ulong CpuTicks;

    /// <summary>Field 22, in clock ticks since boot.</summary>
    public ulong StartTicks;

    /// <summary>Field 23, bytes of address space.</summary>
    public ulong VirtualBytes;

    /// <summary>Field 24, resident pages. Batched per thread by the kernel, so slightly behind the rollup's Rss.</summary>
    public long ResidentPages;

    /// <summary>Fields 26 and 28, which every exec changes; 0 or 1 where the reader may not look.</summary>
    public ulong StartCode;

    /// <inheritdoc cref="StartCode"/>
    public ulong StartStack;

    /// <summary>Kernel threads have no memory of their own and are no processes here.</summary>
    public readonly bool IsKernelThread => (Flags & KernelThreadFlag) != 0;

    /// <summary>False for what has ended and waits for its parent, and for kernel threads.</summary>
    public readonly bool HasAddressSpace => !IsKernelThread && State is not ((byte)'Z' or (byte)'X' or (byte)'x');

    /// <summary>A number that an exec changes: where code and stack start, or the name where the kernel hides them.</summary>
    public readonly ulong Image => StartStack > 1 ? unchecked((StartCode * 31) + StartStack) : Name;

    /// <summary>A number that another comm changes.</summary>
    public readonly ulong Name
    {
        get
        {
            HashCode hash = default;
            hash.AddBytes(Comm);
            return (uint)hash.ToHashCode();
        }
    }

    /// <summary>Reads the fields up to number 28.</summary>
    /// <param name="text">The file's bytes.</param>
    /// <param name="stat">Its <see cref="Comm"/> is a part of <paramref name="text"/>.</param>
    /// <returns><see cref="ReadOutcome.Ok"/> or <see cref="ReadOutcome.Malformed"/>.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out Stat stat)
    {
        stat = default;
        int open = text.IndexOf((byte)'(');
        // comm may hold anything, a closing parenthesis included: only the last one is the kernel's.
        int close = text.LastIndexOf((byte)')');
        if (open < 2 || close < open || !TryPid(text[..(open - 1)], out stat.Pid) || close + 4 > text.Length
            || text[open - 1] != ' ' || text[close + 1] != ' ' || text[close + 3] != ' ')
        {
            return ReadOutcome.Malformed;
        }

        stat.Comm = text[(open + 1)..close];
        stat.State = text[close + 2];
        return stat.Take(new Fields(text[(close + 4)..])) ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }

    private bool Take(Fields fields)
    {
        long parent = fields.Signed();
        ParentPid = (int)parent;
        fields.Skip(4);                         // pgrp, session, tty_nr, tpgid
        Flags = fields.Unsigned();
        MinorFaults = fields.Unsigned();
        fields.Skip(1);                         // cminflt
        MajorFaults = fields.Unsigned();
        fields.Skip(1);                         // cmajflt: counted by the children themselves
        CpuTicks = unchecked(fields.Unsigned() + fields.Unsigned());
        fields.Skip(6);                         // cutime, cstime, priority, nice, num_threads, itrealvalue
        StartTicks = fields.Unsigned();
        VirtualBytes = fields.Unsigned();
        ResidentPages = fields.Signed();
        fields.Skip(1);                         // rsslim
        StartCode = fields.Unsigned();
        fields.Skip(1);                         // endcode
        StartStack = fields.Unsigned();
        return fields.Complete && parent is >= 0 and <= int.MaxValue && ResidentPages is >= 0 and <= MostPages && StartTicks <= MostTicks
            && VirtualBytes <= long.MaxValue && MajorFaults <= long.MaxValue && MinorFaults <= long.MaxValue;
    }

    private static bool TryPid(ReadOnlySpan<byte> digits, out int pid)
    {
        pid = 0;
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out pid, out int used) && used == digits.Length && pid > 0;
    }
}
