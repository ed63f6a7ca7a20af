using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Tests.Hosting;
using MapAgent.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class AdmissionTests : IDisposable
{
    private static readonly WebPolicy s_users = new() { Users = new Dictionary<string, string> { ["alice"] = WebFolder.Hash } };
    private readonly FakeTimeProvider _clock = new();
    private readonly WebCounts _counts = new();
    private readonly Lines _log = new();
    private readonly List<Admission> _admissions = [];
    private TaskCompletionSource? _hold;

    public void Dispose() => _admissions.ForEach(static admission => admission.Dispose());

    [Fact]
    public async Task Without_a_policy_everything_is_answered()
    {
        Admission admission = Create(WebPolicy.Open);

        foreach (string path in new[] { "/", "/metrics", "/api/v1/groups", "/-/healthy", "/nothing" })
        {
            Assert.Equal(200, (await AskAsync(admission, path)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/metrics", null, 401)]
    [InlineData("/metrics", "alice:wrong", 401)]
    [InlineData("/metrics", "alice:secret", 200)]
    [InlineData("/nothing", null, 401)]
    [InlineData("/", null, 401)]
    [InlineData("/-/healthy", null, 200)]
    [InlineData("/-/ready", null, 200)]
    [InlineData("/-/ready/", null, 401)]
    [InlineData("/-/healthy/../../metrics", null, 401)]
    public async Task Every_page_but_the_probes_wants_a_password(string path, string? credentials, int status)
    {
        HttpResponse answer = await AskAsync(Create(s_users), path, credentials);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == 401, answer.Headers.WWWAuthenticate.ToString().StartsWith("Basic ", StringComparison.Ordinal));
        Assert.Equal(status == 401 ? 1 : 0, _counts.Refused(WebRefusal.Unauthorized));
    }

    [Fact]
    public async Task Probes_want_one_too_when_they_are_not_exempt() =>
        Assert.Equal(401, (await AskAsync(Create(s_users, exempt: false), "/-/healthy")).StatusCode);

    [Fact]
    public async Task The_servers_own_certificate_opens_the_probes_and_nothing_else()
    {
        Admission admission = Create(s_users, exempt: false);
        await using DefaultConnectionContext connection = new();
        ConnectionPlace place = new(connection, 0) { IsOwn = true, IsForProbesOnly = true };

        Assert.Equal(200, (await AskAsync(admission, "/-/healthy", place: place)).StatusCode);
        Assert.Equal(403, (await AskAsync(admission, "/metrics", "alice:secret", place: place)).StatusCode);
        Assert.Equal((0, true), (place.Busy, place.HasServed));
    }

    [Theory]
    [InlineData(true, null, false, 403)]
    [InlineData(true, null, true, 200)]
    [InlineData(true, false, false, 200)]
    [InlineData(true, true, true, 403)]
    [InlineData(false, null, false, 200)]
    [InlineData(false, true, false, 403)]
    public async Task Details_are_for_loopback_or_for_those_who_are_known(bool beyond, bool? disabled, bool users, int status)
    {
        Exposure exposure = new(beyond, disabled);
        Admission admission = Create(users ? s_users : WebPolicy.Open, exposure);

        foreach (string path in new[] { "/api/v1/groups", "/api/v1/processes/1", "/api/v1/shm", "/api/", "/api" })
        {
            Assert.Equal(status, (await AskAsync(admission, path, users ? "alice:secret" : null)).StatusCode);
        }

        Assert.Equal(200, (await AskAsync(admission, "/metrics", users ? "alice:secret" : null)).StatusCode);
    }

    [Theory]
    [InlineData(false, null, false, null)]
    [InlineData(false, null, true, null)]
    [InlineData(true, null, false, "are off, because other hosts may connect")]
    [InlineData(true, true, false, null)]
    [InlineData(true, false, false, "to everybody who can connect")]
    [InlineData(true, null, true, "travel in the clear")]
    [InlineData(true, false, true, "travel in the clear")]
    public void What_is_exposed_is_said(bool beyond, bool? disabled, bool users, string? remark)
    {
        string? said = new Exposure(beyond, disabled).Remark(users ? s_users : WebPolicy.Open);

        Assert.Equal(remark is null, said is null);
        Assert.Contains(remark ?? "", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_beyond_the_number_at_once_are_put_off()
    {
        Admission admission = Create(WebPolicy.Open, most: 2);
        _hold = new TaskCompletionSource();
        Task<HttpResponse>[] waiting = [AskAsync(admission, "/metrics"), AskAsync(admission, "/metrics")];

        HttpResponse third = await AskAsync(admission, "/metrics");
        Task<HttpResponse> probe = AskAsync(admission, "/-/healthy");
        _hold.SetResult();
        _hold = null;

        Assert.Equal(503, third.StatusCode);
        Assert.Equal("1", third.Headers.RetryAfter);
        Assert.Equal(1, _counts.Refused(WebRefusal.MaxRequests));
        Assert.Equal(200, (await probe).StatusCode);
        Assert.All(await Task.WhenAll(waiting), static answer => Assert.Equal(200, answer.StatusCode));
        Assert.Equal(200, (await AskAsync(admission, "/metrics")).StatusCode);
    }

    [Fact]
    public async Task An_answer_that_is_not_taken_in_time_is_cut_off_when_somebody_waits()
    {
        Admission admission = Create(WebPolicy.Open, most: 2);
        _hold = new TaskCompletionSource();
        Cuttable[] connections = [new(), new()];
        Task<HttpResponse> slow = AskAsync(admission, "/metrics", connection: connections[0]);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Task<HttpResponse> quicker = AskAsync(admission, "/metrics", connection: connections[1]);

        Assert.Equal(503, (await AskAsync(admission, "/metrics")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await AskAsync(admission, "/")).StatusCode);
        Assert.True(connections[0].IsCut && !connections[1].IsCut);
        Assert.Equal((1, 1), (_counts.Refused(WebRefusal.SlowReader), _counts.Refused(WebRefusal.MaxRequests)));
        // That the one that was cut off has ended gives no turn away a second time.
        _hold.SetResult();
        await Task.WhenAll(slow, quicker);
        _hold = new TaskCompletionSource();
        Task<HttpResponse>[] two = [AskAsync(admission, "/metrics"), AskAsync(admission, "/metrics")];
        Assert.Equal(503, (await AskAsync(admission, "/metrics")).StatusCode);
        _hold.SetResult();
        await Task.WhenAll(two);
    }

    [Theory]
    [InlineData("localhost:19256", 200)]
    [InlineData("127.0.0.1:19256", 200)]
    [InlineData("[::1]:19256", 200)]
    [InlineData("", 200)]
    [InlineData("evil.example:19256", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    public async Task A_page_of_the_web_gets_no_details_through_a_browser_of_the_node(string host, int status)
    {
        Assert.Equal(status, (await AskAsync(Create(WebPolicy.Open), "/api/v1/groups", host: host)).StatusCode);
        Assert.Equal(200, (await AskAsync(Create(WebPolicy.Open), "/metrics", host: host)).StatusCode);
        // Whoever says that all may see them, or has to say who he is, may use any name.
        Assert.Equal(200, (await AskAsync(Create(WebPolicy.Open, new Exposure(false, false)), "/api/v1/groups", host: host)).StatusCode);
        Assert.Equal(200, (await AskAsync(Create(s_users), "/api/v1/groups", "alice:secret", host: host)).StatusCode);
    }

    [Theory]
    [InlineData(0, 0, 10, 10)]
    [InlineData(1000, 3, 10, 3)]
    [InlineData(1000, 0, 10, 0)]
    public async Task Requests_faster_than_the_rate_are_refused(int milliseconds, int burst, int requests, int answered)
    {
        Admission admission = Create(new WebPolicy { RateInterval = TimeSpan.FromMilliseconds(milliseconds), RateBurst = burst });
        List<int> statuses = [];
        for (int i = 0; i < requests; i++)
        {
            statuses.Add((await AskAsync(admission, "/metrics")).StatusCode);
        }

        Assert.Equal(answered, statuses.Count(static status => status == 200));
        Assert.All(statuses, static status => Assert.True(status is 200 or 429));
        Assert.Equal(200, (await AskAsync(admission, "/-/healthy")).StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(burst > 0 || milliseconds == 0 ? 200 : 429, (await AskAsync(admission, "/metrics")).StatusCode);
    }

    [Fact]
    public async Task Headers_of_the_policy_stand_on_every_answer()
    {
        Admission admission = Create(new WebPolicy { Users = s_users.Users, Headers = [new("X-Frame-Options", "deny")] });

        Assert.Equal("deny", (await AskAsync(admission, "/metrics")).Headers.XFrameOptions);
        Assert.Equal("deny", (await AskAsync(admission, "/metrics", "alice:secret")).Headers.XFrameOptions);
    }

    [Fact]
    public async Task A_storm_is_logged_once_a_minute()
    {
        Admission admission = Create(s_users);
        for (int i = 0; i < 1000; i++)
        {
            await AskAsync(admission, "/metrics", "alice:wrong");
        }

        Assert.Single(_log.All);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(admission, "/metrics", "alice:wrong");
        Assert.Equal(2, _log.All.Count);
        Assert.Contains("Refused 1000 for unauthorized, the last from 192.0.2.1", _log.All[1], StringComparison.Ordinal);
        Assert.DoesNotContain(_log.All, static line => line.Contains("alice", StringComparison.Ordinal) || line.Contains("wrong", StringComparison.Ordinal));
    }

    private Admission Create(WebPolicy policy, Exposure? exposure = null, int most = 40, bool exempt = true)
    {
        Refusals refusals = new(_counts, _clock, _log);
        Admission admission = new(
            context => _hold is { } hold && context.Request.Path == "/metrics" ? hold.Task : Task.CompletedTask,
            new AdmissionOptions(exposure ?? new Exposure(false, null), most, exempt, static () => 0), () => policy,
            new ConnectionGate(8, refusals, _clock), refusals, _clock);
        _admissions.Add(admission);
        return admission;
    }

    private static async Task<HttpResponse> AskAsync(Admission admission, string path, string? credentials = null, ConnectionPlace? place = null, string host = "", Cuttable? connection = null)
    {
        DefaultHttpContext context = new();
        context.Request.Host = new HostString(host);
        context.Features.Set<IHttpRequestLifetimeFeature>(connection ?? new Cuttable());
        context.Request.Path = path;
        context.Request.Method = "GET";
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        if (credentials is not null)
        {
            context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        }

        if (place is not null)
        {
            context.Features.Set(place);
        }

        await admission.HandleAsync(context);
        return context.Response;
    }

    private sealed class Cuttable : IHttpRequestLifetimeFeature
    {
        public bool IsCut { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsCut = true;
    }
}
