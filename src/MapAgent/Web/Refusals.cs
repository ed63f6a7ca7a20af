using System;
using System.Net;
using System.Threading;
using MapAgent.Export;
using Microsoft.Extensions.Logging;

namespace MapAgent.Web;

/// <summary>Counts every refusal and logs each kind at most once a minute, so that nobody can fill the log.</summary>
internal sealed class Refusals(WebCounts counts, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly (long Said, long? At)[] _kinds = new (long, long?)[Enum.GetValues<WebRefusal>().Length];

    /// <summary>Counts one.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="from">Whom.</param>
    /// <param name="why">More of the reason; nothing of it comes from outside.</param>
    public void Add(WebRefusal reason, IPAddress? from, string? why = null)
    {
        counts.Refuse(reason);
        long number;
        lock (_lock)
        {
            ref (long Said, long? At) kind = ref _kinds[(int)reason];
            if (kind.At is { } at && clock.GetElapsedTime(at) < s_silence)
            {
                return;
            }

            long all = counts.Refused(reason);
            number = all - kind.Said;
            kind = (all, clock.GetTimestamp());
        }

        if (why is null)
        {
            Log.Refused(logger, number, WebCounts.Label(reason), from);
        }
        else
        {
            Log.RefusedBecause(logger, number, WebCounts.Label(reason), from, why);
        }
    }
}
