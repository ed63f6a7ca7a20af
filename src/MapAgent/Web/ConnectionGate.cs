using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MapAgent.Export;
using Microsoft.AspNetCore.Connections;

namespace MapAgent.Web;

/// <summary>
/// Bounds the open connections without shutting anybody out: when all places are taken, the newcomer gets the place of a connection
/// that does nothing. Those that never asked anything go first, then those of the address that holds the most, then the oldest.
/// So neither slow clients nor thousands of silent ones keep a scrape from getting in.
/// </summary>
internal sealed class ConnectionGate(int most, Refusals refusals, TimeProvider clock)
{
    // From so many connections down to so few: what they took is worth giving back.
    private const int Crowd = 16;
    private const int Calm = 8;
    private readonly Lock _lock = new();
    private readonly HashSet<ConnectionPlace> _places = [];
    private int _crowd;

    /// <summary>Called when a crowd has gone.</summary>
    public Action? Calmed { get; set; }

    /// <summary>Connections that are open.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Holds a place for a connection as long as it lasts.</summary>
    public async Task RunAsync(ConnectionContext connection, Func<ConnectionPlace, Task> next)
    {
        ConnectionPlace place = new(connection, clock.GetTimestamp());
        if (!Enter(place, out ConnectionPlace? evicted))
        {
            refusals.Add(WebRefusal.Connections, place.From);
            place.Abort();
            return;
        }

        if (evicted is not null)
        {
            refusals.Add(WebRefusal.Connections, evicted.From);
            evicted.Abort();
        }

        connection.Features.Set(place);
        try
        {
            await next(place);
        }
        finally
        {
            Leave(place);
        }
    }

    /// <summary>Ends all connections, because those who opened them have not shown what is asked for now.</summary>
    public void EndAll()
    {
        ConnectionPlace[] places;
        lock (_lock)
        {
            places = [.. _places];
        }

        Array.ForEach(places, static place => place.Abort());
    }

    /// <summary>Notes that a request begins.</summary>
    public void Begin(ConnectionPlace place)
    {
        lock (_lock)
        {
            place.Busy++;
        }
    }

    /// <summary>Notes that a request was answered.</summary>
    public void End(ConnectionPlace place)
    {
        lock (_lock)
        {
            place.Busy--;
            place.HasServed = true;
            place.LastUse = clock.GetTimestamp();
        }
    }

    private bool Enter(ConnectionPlace place, out ConnectionPlace? evicted)
    {
        lock (_lock)
        {
            evicted = _places.Count < most ? null : Idlest();
            if (_places.Count >= most && evicted is null)
            {
                return false;
            }

            if (evicted is not null)
            {
                evicted.IsRefused = true;
                _places.Remove(evicted);
            }

            _places.Add(place);
            _crowd = Math.Max(_crowd, _places.Count);
            return true;
        }
    }

    private void Leave(ConnectionPlace place)
    {
        bool calmed;
        lock (_lock)
        {
            _places.Remove(place);
            calmed = _crowd >= Crowd && _places.Count <= Calm;
            _crowd = calmed ? 0 : _crowd;
        }

        if (calmed)
        {
            Calmed?.Invoke();
        }
    }

    private ConnectionPlace? Idlest()
    {
        Dictionary<IPAddress, int> held = [];
        foreach (ConnectionPlace place in _places)
        {
            held[Address(place)] = held.GetValueOrDefault(Address(place)) + 1;
        }

        ConnectionPlace? idlest = null;
        (bool, int, long) least = default;
        foreach (ConnectionPlace place in _places)
        {
            (bool HasServed, int Held, long LastUse) rank = (place.HasServed, -held[Address(place)], place.LastUse);
            if (place.Busy == 0 && (idlest is null || rank.CompareTo(least) < 0))
            {
                (idlest, least) = (place, rank);
            }
        }

        return idlest;
    }

    private static IPAddress Address(ConnectionPlace place) => place.From ?? IPAddress.None;
}
