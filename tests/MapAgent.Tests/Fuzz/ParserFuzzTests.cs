using System;
using System.Collections.Generic;
using System.Text;
using MapAgent.Procfs;
using MapAgent.Tests.Procfs;
using Xunit;

namespace MapAgent.Tests.Fuzz;

/// <summary>Accept, then read again slowly: whatever a parser takes for good must be what the slow reference reads.</summary>
public sealed class ParserFuzzTests
{
    private const int Rounds = 20_000;

    public static TheoryData<string> Parsers => [.. ParserCase.Names];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Mutated_fixtures_never_throw_and_are_refused_or_read_rightly(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        Random random = new(20_260_101);
        int accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] text = Mutation.Of(one.Seeds[random.Next(one.Seeds.Length)], one.Seeds[random.Next(one.Seeds.Length)], random);
            if (one.Fast(text) is { } values)
            {
                accepted++;
                IReadOnlyDictionary<string, string>? slow = one.Slow(text);
                Assert.True(slow is not null && Same(slow, values), $"round {round}: {Encoding.Latin1.GetString(text)}");
            }
        }

        // Mutations that are all refused, or all taken, would try nothing.
        Assert.InRange(accepted, Rounds / 100, Rounds - 1);
    }

    [Fact]
    public void Mutated_command_lines_never_throw_and_keep_every_argument()
    {
        byte[][] seeds = Fixture.All("cmdline");
        Random random = new(20_260_102);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] text = Mutation.Of(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            int trimmed = text.AsSpan().TrimEnd((byte)0).Length;
            Assert.Equal(text.Length == 0 ? 0 : text.AsSpan(0, trimmed).Count((byte)0) + 1, Cmdline.Parse(text).Length);
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> slow, IReadOnlyDictionary<string, string> fast)
    {
        bool same = slow.Count == fast.Count;
        foreach (KeyValuePair<string, string> value in fast)
        {
            same &= slow.TryGetValue(value.Key, out string? other) && other == value.Value;
        }

        return same;
    }
}
