using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using MapAgent.Hosting;
using MapAgent.Sampling;
using MapAgent.Tests.Sampling;
using MapAgent.Tests.Web;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Hosting;

/// <summary>Supervisors of all kinds, with a socket that is there, gone, or not read.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly TimeSpan s_half = TimeSpan.FromSeconds(10);
    private readonly PassFixture _fixture = new();
    private readonly Lines _log = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"mapagent-{Guid.NewGuid():N}.sock");
    private readonly Snapshot _snapshot;
    private readonly SnapshotStore _store = new();

    public ServiceNotifierTests()
    {
        _fixture.Tree.WithNode().WithProcess(10);
        _snapshot = _fixture.Run();
    }

    private FakeTimeProvider Clock => _fixture.Clock;

    public void Dispose()
    {
        File.Delete(_path);
        _fixture.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_supervisor_hears_that_the_agent_is_ready_once_and_how_it_is_after_each_pass(bool isAbstract)
    {
        string name = $"mapagent-{Guid.NewGuid():N}";
        using Socket supervisor = Listen(isAbstract ? "\0" + name : _path);
        using ServiceNotifier notifier = new(isAbstract ? "@" + name : _path, Clock, _log);
        notifier.Tell(_snapshot);
        notifier.Tell(null, listening: true);
        Assert.Empty(Heard(supervisor));
        notifier.Tell(_snapshot);
        notifier.Tell(_snapshot);
        notifier.Reloading();
        notifier.Reloaded(succeeded: false);
        notifier.Stopping();
        string[][] heard = Heard(supervisor);
        Assert.Equal(["READY", "STATUS", "STATUS", "RELOADING", "MONOTONIC_USEC", "READY", "STATUS", "STOPPING"], heard.SelectMany(static message => message).Select(static line => line.Split('=')[0]));
        Assert.Equal(5, heard.Length);
        Assert.StartsWith("STATUS=1 processes in 1 series", heard[1][0], StringComparison.Ordinal);
        Assert.Empty(_log.All);
    }

    [Fact]
    public void A_reload_before_the_first_snapshot_makes_nothing_ready()
    {
        using Socket supervisor = Listen(_path);
        using ServiceNotifier notifier = new(_path, Clock, _log);
        notifier.Reloaded(succeeded: true);
        Assert.Equal([["STATUS=reloaded"]], Heard(supervisor));
    }

    [Theory]
    [InlineData("/nowhere/at/all.sock", "it is not there")]
    [InlineData("@mapagent-nobody-listens-here", "nobody listens to it")]
    [InlineData("vsock:2:1234", "it is neither a path nor an abstract name")]
    [InlineData("relative.sock", "it is neither a path nor an abstract name")]
    [InlineData("/a-path-that-is-longer-than-the-108-bytes-that-the-kernel-has-for-one/and-goes-on-and-on-and-on-and-on-and-on", "it is too long")]
    public void Where_nobody_listens_all_goes_on_and_it_is_told_once(string address, string reason)
    {
        using ServiceNotifier notifier = new(address, Clock, _log);
        TellAll(notifier);
        TellAll(notifier);
        Assert.Contains(reason, Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Without_a_supervisor_there_is_nothing_to_say(string? address)
    {
        using ServiceNotifier notifier = new(address, Clock, _log);
        TellAll(notifier);
        Assert.Empty(_log.All);
    }

    [Fact]
    public void A_supervisor_that_comes_late_or_comes_back_is_told_that_the_agent_is_ready()
    {
        using ServiceNotifier notifier = new(_path, Clock, _log);
        notifier.Tell(_snapshot, listening: true);
        using (Socket late = Listen(_path))
        {
            notifier.Tell(_snapshot);
            Assert.Equal("READY=1", Heard(late).Single()[0]);
        }

        // Gone, with its socket still lying about; then a reload ends that it did not hear of.
        notifier.Tell(_snapshot);
        notifier.Reloaded(succeeded: true);
        File.Delete(_path);
        using Socket back = Listen(_path);
        notifier.Tell(_snapshot);
        notifier.Tell(_snapshot);
        Assert.Equal(["READY", "STATUS", "STATUS"], Heard(back).SelectMany(static message => message).Select(static line => line.Split('=')[0]));
        Assert.Single(_log.All);
    }

    [Fact]
    public async Task A_supervisor_that_does_not_read_holds_up_nothing()
    {
        using ServiceNotifier notifier = new(_path, Clock, _log);
        // Closed first: a send that waits would end with it.
        using Socket supervisor = Listen(_path);
        await Task.Run(
            () =>
            {
                // More than any kernel lets wait.
                for (int i = 0; i < 2000; i++)
                {
                    notifier.Tell(_snapshot, listening: true);
                }

                TellAll(notifier);
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains("nobody reads it", Assert.Single(_log.All), StringComparison.Ordinal);
        Assert.NotEmpty(Heard(supervisor));
        notifier.Tell(_snapshot);
        Assert.Equal("READY=1", Heard(supervisor).Single()[0]);
    }

    [Fact]
    public void The_watchdog_of_a_supervisor_that_is_gone_ends_nothing_and_what_was_lost_is_said_again_soon()
    {
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", $"{2 * s_half.TotalMicroseconds}");
        try
        {
            using ServiceNotifier notifier = new(_path, Clock, _log);
            _store.Publish(_snapshot);
            notifier.Watch(_store, static () => TimeSpan.FromMinutes(10));
            Clock.Advance(s_half);
            Assert.Single(_log.All);
            using Socket supervisor = Listen(_path);
            Clock.Advance(s_half / 4);
            Assert.Equal([["WATCHDOG=1"]], Heard(supervisor));
            Clock.Advance(s_half / 4);
            Assert.Empty(Heard(supervisor));
            Clock.Advance(s_half * 0.75);
            Assert.Equal([["WATCHDOG=1"]], Heard(supervisor));
            Assert.Single(_log.All);
        }
        finally
        {
            Environment.SetEnvironmentVariable("WATCHDOG_USEC", null);
        }
    }

    private void TellAll(ServiceNotifier notifier)
    {
        notifier.Tell(_snapshot, listening: true);
        notifier.Reloading();
        notifier.Reloaded(succeeded: true);
        notifier.Tell(_snapshot);
        notifier.Stopping();
    }

    private static Socket Listen(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string[][] Heard(Socket socket)
    {
        List<string[]> messages = [];
        byte[] buffer = new byte[4096];
        while (socket.Poll(0, SelectMode.SelectRead))
        {
            messages.Add(Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)).Split('\n'));
        }

        return [.. messages];
    }
}
