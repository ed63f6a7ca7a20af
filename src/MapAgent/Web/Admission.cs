using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using Microsoft.AspNetCore.Http;

namespace MapAgent.Web;

/// <summary>What every request must pass before it is answered: rate, password, details, number at once.</summary>
internal sealed class Admission(
    RequestDelegate answer, AdmissionOptions options, Func<WebPolicy> current, ConnectionGate gate, Refusals refusals, TimeProvider clock) : IDisposable
{
    private const string Realm = "Basic realm=\"mapagent\", charset=\"UTF-8\"";
    private static readonly TimeSpan s_longestAnswer = TimeSpan.FromSeconds(30);
    private readonly PasswordCheck _passwords = new(clock, options.ThreadCpu);
    private readonly Lock _lock = new();
    private readonly Dictionary<HttpContext, long> _answering = [];
    private TokenBucket? _rate;
    private (TimeSpan Interval, int Burst) _rateIs;

    /// <inheritdoc/>
    public void Dispose() => _passwords.Dispose();

    /// <summary>Refuses a request or has it answered.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ConnectionPlace? place = context.Features.Get<ConnectionPlace>();
        if (place is null)
        {
            await AdmitAsync(context, null);
            return;
        }

        gate.Begin(place);
        try
        {
            await AdmitAsync(context, place);
        }
        finally
        {
            gate.End(place);
        }
    }

    private async Task AdmitAsync(HttpContext context, ConnectionPlace? place)
    {
        WebPolicy policy = current();
        bool isProbe = context.Request.Path.Value is "/-/healthy" or "/-/ready";
        bool isExempt = isProbe && (options.ExemptProbes || place is { IsOwn: true });
        // Whoever can connect could otherwise have the agent restarted, by keeping its probes from an answer.
        if (!isExempt && !Allow(policy))
        {
            await RefuseAsync(context, WebRefusal.RateLimit, StatusCodes.Status429TooManyRequests, "Faster than rate_limit allows.\n", 1);
            return;
        }

        foreach (KeyValuePair<string, string> header in policy.Headers)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        if (place is { IsForProbesOnly: true } && !isProbe)
        {
            await RefuseAsync(context, WebRefusal.Forbidden, StatusCodes.Status403Forbidden, "The server's own certificate opens only /-/healthy and /-/ready.\n");
            return;
        }

        if (policy.Users.Count > 0 && !isExempt && !await AuthenticateAsync(context, policy))
        {
            return;
        }

        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !options.Exposure.ShowsDetails(policy, context.Request.Host))
        {
            await RefuseAsync(context, WebRefusal.Forbidden, StatusCodes.Status403Forbidden, options.Exposure.ShowsDetails(policy)
                ? "Details of processes are shown to localhost and to addresses, not under another name; see --web.disable-details.\n"
                : "Details of processes are off, see --web.disable-details.\n");
            return;
        }

        await AnswerAsync(context, isExempt);
    }

    private async Task AnswerAsync(HttpContext context, bool isExempt)
    {
        if (isExempt)
        {
            await answer(context);
            return;
        }

        if (!Begin(context))
        {
            await RefuseAsync(context, WebRefusal.MaxRequests, StatusCodes.Status503ServiceUnavailable, "Too many requests at once, see --web.max-requests.\n", 1);
            return;
        }

        try
        {
            await answer(context);
        }
        finally
        {
            lock (_lock)
            {
                _answering.Remove(context);
            }
        }
    }

    // Whoever reads as slowly as the server lets him would keep his turn for minutes: it is taken from him when somebody else waits.
    private bool Begin(HttpContext context)
    {
        lock (_lock)
        {
            if (options.MaxRequests > 0 && _answering.Count >= options.MaxRequests)
            {
                foreach ((HttpContext slow, long since) in _answering)
                {
                    // It is still being answered: to end, it would need the lock.
                    if (clock.GetElapsedTime(since) > s_longestAnswer)
                    {
                        refusals.Add(WebRefusal.SlowReader, slow.Connection.RemoteIpAddress);
                        slow.Abort();
                        _answering.Remove(slow);
                    }
                }
            }

            return (options.MaxRequests <= 0 || _answering.Count < options.MaxRequests) && _answering.TryAdd(context, clock.GetTimestamp());
        }
    }

    private async Task<bool> AuthenticateAsync(HttpContext context, WebPolicy policy)
    {
        string? header = context.Request.Headers.Authorization;
        switch (await _passwords.JudgeAsync(policy.Users, header, context.Connection.RemoteIpAddress, context.RequestAborted))
        {
            case PasswordVerdict.Good:
                return true;
            case PasswordVerdict.Busy:
                await RefuseAsync(context, WebRefusal.PasswordBudget, StatusCodes.Status429TooManyRequests, "Too many passwords to check.\n", 5);
                return false;
            default:
                context.Response.Headers.WWWAuthenticate = Realm;
                await RefuseAsync(context, WebRefusal.Unauthorized, StatusCodes.Status401Unauthorized, "User and password, please.\n");
                return false;
        }
    }

    private bool Allow(WebPolicy policy)
    {
        if (policy.RateInterval <= TimeSpan.Zero)
        {
            return true;
        }

        lock (_lock)
        {
            if (_rate is null || _rateIs != (policy.RateInterval, policy.RateBurst))
            {
                _rateIs = (policy.RateInterval, policy.RateBurst);
                _rate = new TokenBucket(clock, 1 / policy.RateInterval.TotalSeconds, policy.RateBurst);
            }

            return _rate.TryTake(1);
        }
    }

    private Task RefuseAsync(HttpContext context, WebRefusal reason, int status, string text, int retryAfter = 0)
    {
        refusals.Add(reason, context.Connection.RemoteIpAddress);
        if (retryAfter > 0)
        {
            context.Response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        }

        return Answer.TextAsync(context, status, text);
    }
}
