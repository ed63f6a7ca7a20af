using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace MapAgent.Export;

/// <summary>What the server counts of its own doings. Any thread may count.</summary>
internal sealed class WebCounts
{
    private static readonly string[] s_reasons =
        ["unauthorized", "forbidden", "rate_limit", "password_budget", "max_requests", "connections", "handshake", "client_certificate", "slow_reader"];

    private readonly long[] _refused = new long[s_reasons.Length];
    private long _loads;
    private long _failedLoads;
    private long _certificateEnd = long.MinValue;

    /// <summary>True unless the newest web configuration was refused.</summary>
    public bool LastLoadSucceeded { get; private set; } = true;

    /// <summary>The reason as the label says it.</summary>
    public static string Label(WebRefusal reason) => s_reasons[(int)reason];

    /// <summary>Counts a refusal.</summary>
    public void Refuse(WebRefusal reason) => Interlocked.Increment(ref _refused[(int)reason]);

    /// <summary>How often it was refused for a reason.</summary>
    public long Refused(WebRefusal reason) => Interlocked.Read(ref _refused[(int)reason]);

    /// <summary>Counts a reading of the web configuration.</summary>
    /// <param name="good">False when it was refused.</param>
    /// <param name="certificateEnd">When the certificate in force ends, in seconds since 1970; null without one.</param>
    public void Loaded(bool good, long? certificateEnd)
    {
        Interlocked.Increment(ref good ? ref _loads : ref _failedLoads);
        Interlocked.Exchange(ref _certificateEnd, certificateEnd ?? long.MinValue);
        LastLoadSucceeded = good;
    }

    /// <summary>The series of refusals.</summary>
    public IEnumerable<Point> Refusals() => s_reasons.Select((reason, i) =>
        new Point(Interlocked.Read(ref _refused[i]), new KeyValuePair<string, object?>("reason", reason)));

    /// <summary>The series of readings; none as long as there is no web configuration.</summary>
    public IEnumerable<Point> Loads() => HasLoaded
        ? [Counted(_loads, "ok"), Counted(_failedLoads, "failed")]
        : [];

    /// <summary>The gauge of the last reading; none as long as there is no web configuration.</summary>
    public IEnumerable<Point> LastLoad() => Point.Maybe(HasLoaded ? LastLoadSucceeded ? 1 : 0 : null);

    /// <summary>The end of the certificate, if there is one.</summary>
    public IEnumerable<Point> CertificateEnd() =>
        Point.Maybe(Interlocked.Read(ref _certificateEnd) is long end && end != long.MinValue ? end : null);

    private bool HasLoaded => Interlocked.Read(ref _loads) + Interlocked.Read(ref _failedLoads) > 0;

    private static Point Counted(long count, string outcome) => new(count, new KeyValuePair<string, object?>("outcome", outcome));
}
