using Microsoft.Extensions.Logging;

namespace MapAgent.Hosting;

/// <summary>What the host says. Ids are never used again: 1 to 99 belong to this room.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "MapAgent {Version} serves {Url}; configuration: {Configuration}; procfs: {Root}")]
    public static partial void Started(ILogger logger, string version, string url, string configuration, string root);

    [LoggerMessage(2, LogLevel.Warning, "{Issue}")]
    public static partial void Issue(ILogger logger, string issue);

    [LoggerMessage(3, LogLevel.Error, "{Issue}")]
    public static partial void ReloadIssue(ILogger logger, string issue);

    [LoggerMessage(4, LogLevel.Error, "The reload was refused; the configuration from before stays in force")]
    public static partial void ReloadRefused(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "Stopping")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(6, LogLevel.Information, "The web configuration {Path}, or a certificate it names, has changed and is in force")]
    public static partial void WebAccepted(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Warning, "The change of the web configuration {Path}, or of a certificate it names, is refused; what was in force before stays")]
    public static partial void WebRefused(ILogger logger, string path);

    [LoggerMessage(20, LogLevel.Warning, "NOTIFY_SOCKET: the supervisor cannot be told how the agent is: {Reason}. The agent goes on; this is said once")]
    public static partial void NotHeard(ILogger logger, string reason);
}
