using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.Web;

/// <summary>
/// Checks basic authentication. bcrypt is slow by design, and whoever can connect can ask for it. So what it said is remembered, it
/// runs once at a time within a share of one CPU, and no address gets more than its part of that: a storm of guesses costs little
/// and keeps nobody out who was let in before.
/// </summary>
internal sealed class PasswordCheck : IDisposable
{
    private const double Share = 0.1;
    private const double BurstSeconds = 2;
    private const double GuessesPerSecond = 0.2;
    private const double GuessesAtOnce = 10;
    private const int Waiting = 8;
    private const int Remembered = 256;
    private const int Addresses = 1024;
    private readonly TimeProvider _clock;
    private readonly Func<long> _threadCpu;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    // Made when it is needed: the generator loads OpenSSL, 3.5 MB resident for an agent that asks for no password.
    private readonly Lazy<byte[]> _key = new(static () => RandomNumberGenerator.GetBytes(32));
    private readonly Dictionary<string, long> _good = [];
    private readonly Dictionary<string, long> _bad = [];
    private readonly Dictionary<IPAddress, TokenBucket> _guesses = [];
    private readonly TokenBucket _cpu;
    private int _waiting;

    /// <summary>With nothing remembered.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="threadCpu">CPU nanoseconds of the calling thread: on a busy node wall time would charge for the waiting.</param>
    public PasswordCheck(TimeProvider clock, Func<long> threadCpu)
    {
        _clock = clock;
        _threadCpu = threadCpu;
        _cpu = new TokenBucket(clock, Share, BurstSeconds);
    }

    /// <summary>How many passwords were asked of bcrypt.</summary>
    public int Hashed { get; private set; }

    /// <summary>The rounds of bcrypt that they took, which is its time: two to the power of the cost for each hash.</summary>
    public long Rounds { get; private set; }

    /// <summary>How many answers are remembered.</summary>
    public int Known => _good.Count + _bad.Count;

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>Judges the header of a request.</summary>
    /// <param name="users">Users and hashes; at least one.</param>
    /// <param name="authorization">The header Authorization.</param>
    /// <param name="from">Who asks.</param>
    /// <param name="cancel">Ends the wait for the turn.</param>
    public async ValueTask<PasswordVerdict> JudgeAsync(
        IReadOnlyDictionary<string, string> users, string? authorization, IPAddress? from, CancellationToken cancel)
    {
        if (!BasicCredentials.TryParse(authorization, out BasicCredentials credentials))
        {
            return PasswordVerdict.Bad;
        }

        bool known = users.TryGetValue(credentials.User, out string? hash);
        // An unknown user costs the time of a known one, or the time would tell who is known.
        hash ??= Slowest(users);
        string key = KeyOf(credentials, hash, known);
        if (Recall(key) is { } verdict)
        {
            return verdict;
        }

        if (!Admit(from))
        {
            return PasswordVerdict.Busy;
        }

        try
        {
            await _one.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // Somebody else may have asked the same in the meantime.
            return Recall(key) ?? (HasTime() ? Verify(credentials.Password, hash, known ? Slowest(users) : hash, known, key) : PasswordVerdict.Busy);
        }
        finally
        {
            _one.Release();
        }
    }

    private static string Slowest(IReadOnlyDictionary<string, string> users) => users.Values.MaxBy(Cost)!;

    private static int Cost(string hash) => int.Parse(hash.Split('$')[2], NumberStyles.None, CultureInfo.InvariantCulture);

    private PasswordVerdict Verify(string password, string hash, string slowest, bool known, string key)
    {
        long start = _threadCpu();
        int cost = Cost(hash);
        long rounds = 1L << cost;
        bool good = BCrypt.Net.BCrypt.Verify(password, hash) && known;
        // A cheaper hash is refused after as many rounds as the most expensive: 2^c + 2^c + 2^(c+1) + ... + 2^(m-1) = 2^m.
        for (int most = Cost(slowest); !good && cost < most; cost++)
        {
            string[] parts = slowest.Split('$');
            parts[2] = cost.ToString("00", CultureInfo.InvariantCulture);
            BCrypt.Net.BCrypt.Verify(password, string.Join('$', parts));
            rounds += 1L << cost;
        }

        lock (_lock)
        {
            Hashed++;
            Rounds += rounds;
            _cpu.Spend((_threadCpu() - start) / 1e9);
            Remember(good ? _good : _bad, key);
        }

        return good ? PasswordVerdict.Good : PasswordVerdict.Bad;
    }

    private PasswordVerdict? Recall(string key)
    {
        lock (_lock)
        {
            if (_good.ContainsKey(key))
            {
                _good[key] = _clock.GetTimestamp();
                return PasswordVerdict.Good;
            }

            return _bad.ContainsKey(key) ? PasswordVerdict.Bad : null;
        }
    }

    private void Remember(Dictionary<string, long> answers, string key)
    {
        if (answers.Count >= Remembered)
        {
            answers.Remove(answers.MinBy(static answer => answer.Value).Key);
        }

        answers[key] = _clock.GetTimestamp();
    }

    private bool HasTime()
    {
        lock (_lock)
        {
            return _cpu.Held > 0;
        }
    }

    private bool Admit(IPAddress? from)
    {
        lock (_lock)
        {
            if (_cpu.Held <= 0 || _waiting >= Waiting || !Guesses(from).TryTake(1))
            {
                return false;
            }

            Interlocked.Increment(ref _waiting);
            return true;
        }
    }

    private TokenBucket Guesses(IPAddress? from)
    {
        IPAddress address = Network(from);
        if (!_guesses.TryGetValue(address, out TokenBucket? bucket))
        {
            // Who comes from so many addresses gains fresh guesses by this, but no more CPU time.
            if (_guesses.Count >= Addresses)
            {
                _guesses.Clear();
            }

            _guesses[address] = bucket = new TokenBucket(_clock, GuessesPerSecond, GuessesAtOnce);
        }

        return bucket;
    }

    // One customer has a whole /64 of IPv6.
    private static IPAddress Network(IPAddress? from)
    {
        if (from is null || from.AddressFamily != AddressFamily.InterNetworkV6 || from.IsIPv4MappedToIPv6)
        {
            return from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from ?? IPAddress.None;
        }

        byte[] bytes = from.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    // Passwords are not kept: only what they and a key that lives as long as the process are hashed to.
    private string KeyOf(BasicCredentials credentials, string hash, bool known)
    {
        string[] parts = [credentials.User, hash, known ? "1" : "0", credentials.Password];
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(parts.Select(static part => $"{part.Length}:{part}")));
        return Convert.ToBase64String(HMACSHA256.HashData(_key.Value, text));
    }
}
