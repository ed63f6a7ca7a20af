using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class SmapsRollupTests
{
    private static readonly RollupField[] s_fields = Enum.GetValues<RollupField>();

    [Fact]
    public void A_captured_rollup_gives_every_field_in_bytes()
    {
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(Fixture.Bytes("6.18", "everything", "smaps_rollup"), out SmapsRollup rollup));
        long[] kibibytes =
        [
            12488, 7307, 6734, 4174, 61, 3072, 2152, 7204, 0, 3132, 11464, 8288, 0, 1024, 2048, 0, 0, 4096, 0, 2048, 1024, 512,
        ];
        Assert.Equal(kibibytes.Select(static kib => (long?)(kib * 1024)), s_fields.Select(field => rollup[field]));
        Assert.Equal(3132 * 1024, rollup.Uss);
    }

    [Theory]
    [InlineData("crafted-4.14", new[] { "PssDirty", "PssAnon", "PssFile", "PssShmem", "Ksm", "FilePmdMapped" })]
    [InlineData("crafted-5.4", new[] { "PssDirty", "Ksm" })]
    [InlineData("crafted-5.10", new[] { "PssDirty", "Ksm" })]
    [InlineData("crafted-6.1", new[] { "Ksm" })]
    [InlineData("6.18", new string[0])]
    public void Fields_that_a_kernel_does_not_print_are_null_and_the_others_stay(string kernel, string[] missing)
    {
        string process = kernel == "6.18" ? "everything" : "process";
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(Fixture.Bytes(kernel, process, "smaps_rollup"), out SmapsRollup rollup));
        Assert.Equal(missing, s_fields.Where(field => rollup[field] is null).Select(static field => field.ToString()));
        Assert.Equal(7307 * 1024, rollup[RollupField.Pss]);
        Assert.Equal(512 * 1024, rollup[RollupField.Locked]);
    }

    [Theory]
    [InlineData("shell")]
    [InlineData("everything")]
    public void A_captured_rollup_is_the_sum_over_the_captured_smaps(string process)
    {
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(Fixture.Bytes("6.18", process, "smaps_rollup"), out SmapsRollup rollup));
        Dictionary<string, long> sums = SmapsSum.Of(Encoding.Latin1.GetString(Fixture.Bytes("6.18", process, "smaps")), out int mappings);
        // The three parts of Pss stand in the rollup alone.
        RollupField[] both = [.. s_fields.Except([RollupField.PssAnon, RollupField.PssFile, RollupField.PssShmem])];
        Assert.Equal(19, both.Length);
        foreach (RollupField field in both)
        {
            long sum = sums[field.ToString()];
            // The proportional fields are cut to KiB in each mapping of smaps, but only once in the rollup.
            long rounding = field.ToString().StartsWith("Pss") || field is RollupField.SwapPss or RollupField.Locked ? mappings * 1024 : 0;
            Assert.InRange(rollup[field]!.Value, sum, sum + rounding);
        }
    }

    [Fact]
    public void An_empty_file_is_no_data_and_never_zero_bytes() =>
        Assert.Equal(ReadOutcome.NoAddressSpace, SmapsRollup.Parse([], out _));

    [Theory]
    [InlineData("Rss:                1 kB\n")]
    [InlineData("55f376488000-7ffda13e8000 ---p 00000000 00:00 0                          [heap]\nRss: 1 kB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nPss: 1 kB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1 kB")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: kB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: -1 kB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1 MB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1 kB \n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1 kB\nSwap: 9007199254740992 kB\n")]
    [InlineData("1-2 ---p 00000000 00:00 0 [rollup]\nRss: 1 kB\nSwap: 18446744073709551617 kB\n")]
    public void What_is_no_rollup_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, SmapsRollup.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void The_largest_size_that_fits_is_exact()
    {
        byte[] text = Encoding.ASCII.GetBytes(RollupText.Of(("Rss", 9_007_199_254_740_991), ("Pss", 9_007_199_254_740_990)));
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(text, out SmapsRollup rollup));
        Assert.Equal(9_223_372_036_854_774_784, rollup[RollupField.Rss]);
        Assert.Equal(9_223_372_036_854_773_760, rollup[RollupField.Pss]);
    }

    [Fact]
    public void Any_order_and_any_choice_of_fields_is_read_as_the_slow_reference_reads_it()
    {
        string[] names = [.. s_fields.Select(static field => Underscored(field.ToString())), "Unknown", "Pss_New", "Rs"];
        Gen<(string, long)> line = Gen.Select(Gen.Int[0, names.Length - 1], Gen.Long[0, 9_007_199_254_740_991]).Select((i, kib) => (names[i], kib));
        line.Array[0, 40].Sample(lines =>
        {
            byte[] text = Encoding.ASCII.GetBytes(RollupText.Of(lines));
            Assert.Equal(SlowParser.Rollup(text), FastReading.Rollup(text));
        });
    }

    [Fact]
    public void A_sum_adds_field_by_field_and_knows_what_either_knows()
    {
        SmapsRollup.Parse(Encoding.ASCII.GetBytes(RollupText.Of(("Rss", 3), ("Pss", 2))), out SmapsRollup sum);
        SmapsRollup.Parse(Encoding.ASCII.GetBytes(RollupText.Of(("Rss", 10), ("Swap", 5))), out SmapsRollup other);
        sum.Add(other);
        Assert.Equal(13 * 1024, sum[RollupField.Rss]);
        Assert.Equal(2 * 1024, sum[RollupField.Pss]);
        Assert.Equal(5 * 1024, sum[RollupField.Swap]);
        Assert.Null(sum[RollupField.Locked]);
    }

    [Fact]
    public void Sums_of_hostile_sizes_stay_at_the_largest_number_and_never_turn_negative()
    {
        const long most = 9_007_199_254_740_991;
        byte[] text = Encoding.ASCII.GetBytes(RollupText.Of(("Rss", most), ("Private_Clean", most), ("Private_Dirty", most)));
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(text, out SmapsRollup rollup));
        SmapsRollup sum = rollup;
        sum.Add(rollup);
        Assert.Equal(long.MaxValue, sum[RollupField.Rss]);
        Assert.Equal(long.MaxValue, rollup.Uss);
        Assert.Equal(long.MaxValue, sum.Uss);
    }

    [Theory]
    [InlineData("Private_Clean")]
    [InlineData("Private_Dirty")]
    public void Without_one_of_its_parts_the_unique_size_is_unknown(string present)
    {
        SmapsRollup.Parse(Encoding.ASCII.GetBytes(RollupText.Of(("Rss", 3), (present, 2))), out SmapsRollup rollup);
        Assert.Null(rollup.Uss);
    }

    private static string Underscored(string field) => field switch
    {
        "Ksm" => "KSM",
        "PssDirty" or "PssAnon" or "PssFile" or "PssShmem" => "Pss_" + field[3..],
        _ when field.StartsWith("Shared") => "Shared_" + field[6..],
        _ when field.StartsWith("Private") => "Private_" + field[7..],
        _ => field,
    };
}
