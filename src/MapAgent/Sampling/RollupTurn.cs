using System;

namespace MapAgent.Sampling;

/// <summary>
/// What the turns remember of one process: when its rollup was read, what that cost, and what the cheap numbers were then.
/// Times are nanoseconds of the clock.
/// </summary>
internal struct RollupTurn
{
    /// <summary>
    /// Nanoseconds. 43 for each mapped 4 KiB page and 12 us for the read were measured; other machines are slower, so the first
    /// guess is four times as much, which is 45 ms for a GiB.
    /// </summary>
    public const long FirstGuessPerPage = 172;

    private const long FirstGuessPerRead = 50_000;
    private const int MostBackoff = 6;

    private long _residentBytes;
    private long _virtualBytes;
    private long _faults;
    private ulong _cpuTicks;
    private long _wall;
    private int _backoff;

    /// <summary>True once a read was tried in the image that the process runs now.</summary>
    public bool IsTried { get; private set; }

    /// <summary>Start of the last read.</summary>
    public long ReadAt { get; private set; }

    /// <summary>CPU nanoseconds of the last read.</summary>
    public long Cpu { get; private set; }

    /// <summary>Forgets all, as an exec does.</summary>
    public void Reset() => this = default;

    /// <summary>Wall nanoseconds that the next read is expected to take: the last one's, and the first guess for what has grown since.</summary>
    public readonly long Predict(long residentBytes)
    {
        long growth = Math.Max(0, residentBytes - _residentBytes) / 4096 * FirstGuessPerPage;
        return growth + (IsTried ? _wall : FirstGuessPerRead);
    }

    /// <summary>
    /// How much the process did since its rollup, in pages: change of size, faults, and ticks of CPU time. 0 means that nothing
    /// shows a reason to read again.
    /// </summary>
    public readonly long Change(ProcessRecord process)
    {
        long size = Math.Abs(process.ResidentBytes - _residentBytes) / 4096;
        long space = process.VirtualBytes == _virtualBytes ? 0 : 1;
        long faults = Math.Abs(process.Faults.Major + process.Faults.Minor - _faults);
        return size + space + faults + (long)Math.Min(1_000_000, process.CpuTicks - _cpuTicks);
    }

    /// <summary>Notes a read that has ended.</summary>
    /// <param name="process">Its cheap numbers are those of the <c>stat</c> read next to the rollup, before or after it.</param>
    /// <param name="startedAt">Start of the read.</param>
    /// <param name="cpu">CPU nanoseconds.</param>
    /// <param name="wall">Wall nanoseconds.</param>
    public void Done(ProcessRecord process, long startedAt, long cpu, long wall)
    {
        // Far longer than expected, and long enough to matter: another such surprise must not come soon.
        bool surprise = IsTried && wall > 5_000_000 && wall > 4 * Predict(process.ResidentBytes);
        _backoff = surprise ? Math.Min(MostBackoff, _backoff + 1) : Math.Max(0, _backoff - 1);
        IsTried = true;
        ReadAt = startedAt;
        Cpu = cpu;
        _wall = wall;
        _residentBytes = process.ResidentBytes;
        _virtualBytes = process.VirtualBytes;
        _faults = process.Faults.Major + process.Faults.Minor;
        _cpuTicks = process.CpuTicks;
    }

    /// <summary>The least time between two reads: none may be read for more than 0.5 % of the time, backed-off ones less.</summary>
    public readonly long LeastGap => (_wall * 200) << _backoff;
}
