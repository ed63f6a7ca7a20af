namespace MapAgent.Procfs;

/// <summary>CPU time of the calling thread, clock_gettime(2) with CLOCK_THREAD_CPUTIME_ID.</summary>
internal static unsafe class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds of CPU, user and kernel, that this thread has used.</summary>
    public static long Nanoseconds()
    {
        long* time = stackalloc long[2];
        return Libc.ClockGetTime(ThreadCpuTime, time) == 0 ? (time[0] * 1_000_000_000) + time[1] : 0;
    }
}
