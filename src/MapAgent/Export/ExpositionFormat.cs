using System;

namespace MapAgent.Export;

/// <summary>The two formats that Prometheus servers ask for.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}

/// <summary>What the exporter's negotiation needs to hear.</summary>
internal static class ExpositionFormats
{
    /// <summary>The content type of the answer.</summary>
    public static string ContentType(this ExpositionFormat format) => format switch
    {
        ExpositionFormat.Text => "text/plain; version=0.0.4; charset=utf-8",
        ExpositionFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>An Accept header that leaves no choice.</summary>
    public static string Accept(this ExpositionFormat format) => format switch
    {
        ExpositionFormat.Text => "text/plain; version=0.0.4",
        ExpositionFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
