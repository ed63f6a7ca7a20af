using Microsoft.Extensions.Logging;

namespace MapAgent.Export.Otlp;

/// <summary>What the sender says. Ids are never used again: 400 to 499 belong to OTLP.</summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Information, "OTLP: sending to {Endpoint} every {Seconds} s")]
    public static partial void Sending(ILogger logger, string endpoint, double seconds);

    [LoggerMessage(401, LogLevel.Warning,
        "OTLP: an export to {Endpoint} failed: {Reason}. Failures are counted in mapagent_otlp_exports_total and told at most every 10 minutes")]
    public static partial void Failed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(402, LogLevel.Information, "OTLP: exports to {Endpoint} are accepted again, after {Failures} that were not")]
    public static partial void Recovered(ILogger logger, string endpoint, long failures);

    [LoggerMessage(403, LogLevel.Information, "OTLP: switched off")]
    public static partial void Off(ILogger logger);
}
