using System;
using Microsoft.Extensions.Logging;

namespace MapAgent.Sampling;

/// <summary>What the sampler says. Ids are never used again: 100 to 199 belong to this room.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information,
        "First snapshot after {Milliseconds} ms: {Processes} processes, {Series} series, {Unmatched} unmatched")]
    public static partial void FirstSnapshot(ILogger logger, long milliseconds, int processes, int series, int unmatched);

    [LoggerMessage(101, LogLevel.Error, "A pass failed; the last snapshot stays and gets old")]
    public static partial void PassFailed(ILogger logger, Exception error);

    [LoggerMessage(102, LogLevel.Warning,
        "{Denied} of {Processes} processes may not be measured with these privileges; `mapagent doctor` tells which right is missing")]
    public static partial void Denied(ILogger logger, long denied, int processes);

    [LoggerMessage(103, LogLevel.Warning, "A pass took {Milliseconds} ms, longer than the interval; passes are left out and counted")]
    public static partial void Late(ILogger logger, long milliseconds);

    [LoggerMessage(105, LogLevel.Information,
        "Process {Pid} of group {Group} is expected to take {Milliseconds} ms to read, longer than max_read: it is read at most once in {Seconds} s")]
    public static partial void FoundGiant(ILogger logger, int pid, string group, long milliseconds, long seconds);

    [LoggerMessage(104, LogLevel.Information, "The new configuration is in force")]
    public static partial void Reconfigured(ILogger logger);

    [LoggerMessage(106, LogLevel.Error, "A snapshot was published, but what follows on it failed")]
    public static partial void FollowingFailed(ILogger logger, Exception error);
}
