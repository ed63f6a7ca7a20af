using Microsoft.Extensions.Logging;

namespace MapAgent.Identity;

/// <summary>What the lookups say, each when it changes and at most once in ten minutes. Ids are never used again: 200 to 299 belong to this room.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Names from {Source}: {Pods} pods, {Containers} containers")]
    public static partial void Named(ILogger logger, string source, int pods, int containers);

    [LoggerMessage(201, LogLevel.Warning,
        "No names from {Source} ({Outcome}): labels of pods that no other source knows are absent; `mapagent doctor` tells how to mend it. The next try is in {Seconds} s")]
    public static partial void Unnamed(ILogger logger, string source, string outcome, long seconds);

    [LoggerMessage(202, LogLevel.Error, "The lookup of names from {Source} failed and will be tried again")]
    public static partial void Defect(ILogger logger, string source, System.Exception error);
}
