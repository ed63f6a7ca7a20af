using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Xunit;

namespace MapAgent.Tests.Procfs;

/// <summary>What holds for every parser.</summary>
public sealed class ParserLawTests
{
    private const string Alphabet = " \t\n:().0123456789-+kBRPssUid[rollup]pgfault=total btime";

    public static TheoryData<string> Parsers => [.. ParserCase.Names];

    public static TheoryData<string> ParsersOfNamedLines => ["status", "smaps_rollup", "vmstat", "meminfo", "host_stat", "smaps", "limits"];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Every_fixture_gives_what_the_slow_reference_gives(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        Assert.NotEmpty(one.Seeds);
        Assert.All(one.Seeds, seed =>
        {
            IReadOnlyDictionary<string, string>? values = one.Fast(seed);
            Assert.NotNull(values);
            Assert.Equal(one.Slow(seed), values);
        });
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void A_file_cut_at_any_byte_gives_no_value_that_the_whole_file_does_not_give(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        foreach (byte[] seed in one.Seeds)
        {
            IReadOnlyDictionary<string, string> whole = one.Fast(seed)!;
            for (int length = 0; length < seed.Length; length++)
            {
                IReadOnlyDictionary<string, string>? cut = one.Fast(seed[..length]);
                Assert.True(cut is null || cut.All(value => whole[value.Key] == value.Value), $"cut at byte {length} of {seed.Length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Random_bytes_never_throw(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        Gen.Byte.Array[0, 200].Sample(bytes => AgreesWhenAccepted(one, bytes), iter: 5_000);
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Random_text_of_the_files_own_letters_is_refused_or_read_as_the_slow_reference_reads_it(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        Gen.Char[Alphabet].Array[0, 120].Sample(text => AgreesWhenAccepted(one, Encoding.ASCII.GetBytes(text)), iter: 20_000);
    }

    [Theory]
    [MemberData(nameof(ParsersOfNamedLines))]
    public void Unknown_lines_change_nothing(string parser)
    {
        ParserCase one = ParserCase.Of(parser);
        Gen<string> line = Gen.Char["abcXYZ_:\t 0123456789"].Array[0, 40].Select(static letters => "Zz" + new string(letters));
        Gen.Select(Gen.Int[0, one.Seeds.Length - 1], line.Array[1, 8], Gen.Int[0, int.MaxValue]).Sample(
            (seed, unknown, place) =>
            {
                List<string> lines = [.. Encoding.Latin1.GetString(one.Seeds[seed]).Split('\n')];
                foreach (string added in unknown)
                {
                    // Not before the header of a rollup.
                    lines.Insert(1 + (place % (lines.Count - 1)), added);
                }

                Assert.Equal(one.Fast(one.Seeds[seed]), one.Fast(Encoding.Latin1.GetBytes(string.Join('\n', lines))));
            },
            iter: 2_000);
    }

    private static void AgreesWhenAccepted(ParserCase one, byte[] bytes)
    {
        if (one.Fast(bytes) is { } values)
        {
            Assert.Equal(one.Slow(bytes), values);
        }
    }
}
