using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using MapAgent.Tests.Hosting;
using MapAgent.Web;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Web;

public sealed class PasswordCheckTests : IDisposable
{
    private static readonly IPAddress s_here = IPAddress.Parse("192.0.2.1");
    private readonly Dictionary<string, string> _users = new() { ["alice"] = WebFolder.Hash };
    private readonly FakeTimeProvider _clock = new();
    private readonly PasswordCheck _check;
    private long _cpu;

    public PasswordCheckTests() => _check = new PasswordCheck(_clock, () => _cpu);

    public void Dispose() => _check.Dispose();

    [Theory]
    [InlineData("alice", "secret", "Good")]
    [InlineData("alice", "Secret", "Bad")]
    [InlineData("alice", "", "Bad")]
    [InlineData("alice", "secret\0", "Bad")]
    [InlineData("Alice", "secret", "Bad")]
    [InlineData("nobody", "secret", "Bad")]
    [InlineData("", "secret", "Bad")]
    public async Task Only_the_user_s_own_password_is_good(string user, string password, string verdict) =>
        Assert.Equal(verdict, (await JudgeAsync(Header(user, password))).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YWxpY2U=")]
    [InlineData("Bearer YWxpY2U6c2VjcmV0")]
    public async Task What_is_no_password_is_refused_without_a_hash(string? header)
    {
        Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(header));
        Assert.Equal(0, _check.Hashed);
    }

    [Fact]
    public async Task A_password_may_have_colons_and_letters_of_any_script()
    {
        _users["bob"] = BCrypt.Net.BCrypt.HashPassword("a:b:\u00e4\u4e2d", 4);

        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("bob", "a:b:\u00e4\u4e2d")));
    }

    [Fact]
    public async Task The_same_question_is_answered_from_memory()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret")));
            Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header("alice", "wrong")));
            Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header("nobody", "wrong")));
        }

        Assert.Equal(3, _check.Hashed);
    }

    [Fact]
    public async Task A_changed_hash_is_asked_anew()
    {
        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret")));
        _users["alice"] = BCrypt.Net.BCrypt.HashPassword("other", 4);

        Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header("alice", "secret")));
        _users.Remove("alice");
        _users["bob"] = WebFolder.Hash;
        Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header("alice", "secret")));
    }

    [Theory]
    [InlineData("cheap", "wrong")]
    [InlineData("dear", "wrong")]
    [InlineData("nobody", "wrong")]
    [InlineData("nobody", "secret")]
    public async Task A_refusal_takes_as_long_whoever_is_asked_for(string user, string password)
    {
        _users["cheap"] = BCrypt.Net.BCrypt.HashPassword("secret", 4);
        _users["dear"] = BCrypt.Net.BCrypt.HashPassword("secret", 7);

        Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header(user, password)));
        Assert.Equal(128, _check.Rounds);
    }

    [Fact]
    public async Task Who_is_let_in_waits_for_no_hash_but_the_own()
    {
        _users["cheap"] = BCrypt.Net.BCrypt.HashPassword("secret", 4);
        _users["dear"] = BCrypt.Net.BCrypt.HashPassword("secret", 7);

        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("cheap", "secret")));
        Assert.Equal(16, _check.Rounds);
    }

    [Fact]
    public async Task An_unknown_user_with_a_known_password_is_not_remembered_as_good()
    {
        // The hash that is checked in the place of an unknown user's is that of a known one.
        Assert.Equal(PasswordVerdict.Bad, await JudgeAsync(Header("nobody", "secret")));
        _users["nobody"] = WebFolder.Hash;
        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("nobody", "secret")));
    }

    [Fact]
    public async Task A_storm_of_guesses_costs_ten_hashes_and_keeps_nobody_out_who_was_in()
    {
        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret")));
        List<PasswordVerdict> verdicts = [];
        for (int i = 0; i < 5000; i++)
        {
            verdicts.Add(await JudgeAsync(Header(i % 2 == 0 ? "alice" : $"user{i}", $"guess{i}")));
            Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret")));
        }

        Assert.Equal(9, verdicts.Count(static verdict => verdict == PasswordVerdict.Bad));
        Assert.Equal(4991, verdicts.Count(static verdict => verdict == PasswordVerdict.Busy));
        Assert.Equal(10, _check.Hashed);
    }

    [Fact]
    public async Task Guesses_of_one_address_leave_those_of_another()
    {
        for (int i = 0; i < 100; i++)
        {
            await JudgeAsync(Header("alice", $"guess{i}"));
        }

        Assert.Equal(PasswordVerdict.Busy, await JudgeAsync(Header("alice", "secret")));
        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret"), IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public async Task An_address_that_waits_may_ask_again()
    {
        for (int i = 0; i < 100; i++)
        {
            await JudgeAsync(Header("alice", $"guess{i}"));
        }

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(PasswordVerdict.Good, await JudgeAsync(Header("alice", "secret")));
    }

    [Fact]
    public async Task A_whole_network_of_version_six_is_one_address()
    {
        List<PasswordVerdict> verdicts = [];
        for (int i = 0; i < 100; i++)
        {
            verdicts.Add(await JudgeAsync(Header("alice", $"guess{i}"), IPAddress.Parse($"2001:db8::{i:x}")));
        }

        Assert.Equal(10, verdicts.Count(static verdict => verdict == PasswordVerdict.Bad));
    }

    [Fact]
    public async Task What_is_remembered_is_bounded_however_many_ask()
    {
        for (int i = 0; i < 800; i++)
        {
            await JudgeAsync(Header("alice", $"guess{i}"), new IPAddress(i + 16777216));
        }

        Assert.InRange(_check.Known, 1, 512);
        Assert.True(_check.Hashed > 512);
    }

    [Fact]
    public async Task All_addresses_together_get_a_tenth_of_one_CPU()
    {
        // Each look at the clock of the thread adds what a hash costs: 0.2 s.
        using PasswordCheck check = new(_clock, () => _cpu += 200_000_000);
        int hashed = 0;
        for (int i = 0; i < 1000; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            _ = await check.JudgeAsync(_users, Header("alice", $"guess{i}"), new IPAddress(i + 16777216), TestContext.Current.CancellationToken);
            hashed = check.Hashed;
        }

        // 100 s at a tenth, and 2 s at first.
        Assert.InRange(hashed * 0.2, 11, 12.4);
    }

    private static string Header(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private ValueTask<PasswordVerdict> JudgeAsync(string? header, IPAddress? from = null) =>
        _check.JudgeAsync(_users, header, from ?? s_here, TestContext.Current.CancellationToken);
}
