using System.Net;
using Microsoft.Extensions.Logging;

namespace MapAgent.Web;

/// <summary>What the server says. Ids are never used again: 300 to 399 belong to this room.</summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "Refused {Count} for {Reason}, the last from {From}; said at most once a minute")]
    public static partial void Refused(ILogger logger, long count, string reason, IPAddress? from);

    [LoggerMessage(301, LogLevel.Warning, "Refused {Count} for {Reason}, the last from {From}: {Why}; said at most once a minute")]
    public static partial void RefusedBecause(ILogger logger, long count, string reason, IPAddress? from, string why);
}
