using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using MapAgent.Export;
using MapAgent.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class ConnectionGateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WebCounts _counts = new();
    private readonly ConnectionGate _gate;

    public ConnectionGateTests() => _gate = new ConnectionGate(4, new Refusals(_counts, _clock, new Lines()), _clock);

    [Fact]
    public async Task A_place_is_free_again_when_its_connection_has_ended()
    {
        Client client = Open();
        Assert.Equal(1, _gate.Open);
        await client.EndAsync();

        Assert.Equal(0, _gate.Open);
        Assert.Equal(0, _counts.Refused(WebRefusal.Connections));
    }

    [Fact]
    public void The_oldest_that_never_asked_makes_room()
    {
        Client[] silent = [Open(), Open(), Open()];
        Client served = Open();
        Serve(served);

        Client newcomer = Open();

        Assert.True(silent[0].IsAborted);
        Assert.False(silent[1].IsAborted || silent[2].IsAborted || served.IsAborted || newcomer.IsAborted);
        Assert.Equal(4, _gate.Open);
        Assert.Equal(1, _counts.Refused(WebRefusal.Connections));
    }

    [Fact]
    public void Ten_thousand_silent_connections_leave_one_that_is_served()
    {
        Client scraper = Open("192.0.2.1");
        Serve(scraper);
        for (int i = 0; i < 10_000; i++)
        {
            Open("192.0.2.9");
        }

        Assert.False(scraper.IsAborted);
        Assert.Equal(4, _gate.Open);
    }

    [Fact]
    public void Those_of_the_address_that_holds_most_go_first()
    {
        Client alone = Open("192.0.2.1");
        Client[] many = [Open("192.0.2.9"), Open("192.0.2.9"), Open("192.0.2.9")];

        Open("192.0.2.9");

        Assert.False(alone.IsAborted);
        Assert.True(many[0].IsAborted);
    }

    [Fact]
    public void Of_those_that_were_served_the_longest_idle_goes_first()
    {
        Client[] clients = [Open(), Open(), Open(), Open()];
        foreach (int i in new[] { 1, 0, 3, 2 })
        {
            Serve(clients[i]);
        }

        Open();

        Assert.True(clients[1].IsAborted);
    }

    [Fact]
    public void A_newcomer_goes_when_all_others_are_busy()
    {
        for (int i = 0; i < 4; i++)
        {
            _gate.Begin(Open().Place);
        }

        Client newcomer = Open();

        Assert.True(newcomer.IsAborted);
        Assert.Equal(4, _gate.Open);
        Assert.Equal(1, _counts.Refused(WebRefusal.Connections));
    }

    [Fact]
    public async Task A_crowd_that_has_gone_is_told_once()
    {
        ConnectionGate gate = new(256, new Refusals(_counts, _clock, new Lines()), _clock);
        int told = 0;
        gate.Calmed = () => told++;
        List<Client> clients = [];
        for (int i = 0; i < 15; i++)
        {
            clients.Add(new Client(gate, IPAddress.Loopback));
        }

        foreach (int more in new[] { 0, 1 })
        {
            while (clients.Count < 15 + more)
            {
                clients.Add(new Client(gate, IPAddress.Loopback));
            }

            foreach (Client client in clients)
            {
                await client.EndAsync();
            }

            clients.Clear();
            Assert.Equal(more, told);
        }
    }

    private void Serve(Client client)
    {
        _gate.Begin(client.Place);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _gate.End(client.Place);
    }

    private Client Open(string from = "192.0.2.5")
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return new Client(_gate, IPAddress.Parse(from));
    }

    private sealed class Client : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _end = new();
        private readonly Task _run;

        public Client(ConnectionGate gate, IPAddress from)
        {
            RemoteEndPoint = new IPEndPoint(from, 1);
            _run = gate.RunAsync(this, async place =>
            {
                Place = place;
                await _end.Task;
            });
        }

        public ConnectionPlace Place { get; private set; } = null!;

        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public Task EndAsync()
        {
            _end.SetResult();
            return _run;
        }
    }
}
