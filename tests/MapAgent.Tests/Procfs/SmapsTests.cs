using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class SmapsTests
{
    private static readonly byte[] s_everything = Fixture.Bytes("6.18", "everything", "smaps");

    [Fact]
    public void The_sum_over_the_mappings_of_a_stopped_process_is_its_rollup()
    {
        Assert.Equal(ReadOutcome.Ok, Read(s_everything, out List<SmapsRollup> mappings));
        Assert.Equal(35, mappings.Count);
        SmapsRollup sum = default;
        mappings.ForEach(mapping => sum.Add(mapping));
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(Fixture.Bytes("6.18", "everything", "smaps_rollup"), out SmapsRollup rollup));
        // The kernel adds these up in parts of a byte and rounds once, where each mapping is rounded by itself.
        RollupField[] rounded = [RollupField.Pss, RollupField.PssDirty, RollupField.PssAnon, RollupField.PssFile, RollupField.PssShmem, RollupField.SwapPss, RollupField.Locked];
        foreach (RollupField field in Enum.GetValues<RollupField>().Except(rounded))
        {
            Assert.Equal(rollup[field], sum[field]);
        }

        Assert.InRange(rollup[RollupField.Pss]!.Value - sum[RollupField.Pss]!.Value, 0, 1024 * mappings.Count);
        Assert.InRange(rollup[RollupField.SwapPss]!.Value - sum[RollupField.SwapPss]!.Value, 0, 1024 * mappings.Count);
    }

    [Fact]
    public void Any_cutting_into_pieces_of_whole_lines_gives_the_same()
    {
        IReadOnlyDictionary<string, string> whole = FastSmaps.Smaps(s_everything)!;
        string[] lines = Encoding.Latin1.GetString(s_everything).Split('\n')[..^1];
        Gen.Int[1, 60].Array[1, 200].Sample(
            lengths =>
            {
                List<byte[]> pieces = [];
                int at = 0;
                foreach (int length in lengths.Append(lines.Length))
                {
                    int to = Math.Min(lines.Length, at + length);
                    pieces.Add(Encoding.Latin1.GetBytes(string.Concat(lines[at..to].Select(static line => line + "\n"))));
                    at = to;
                }

                Assert.Equal(whole, FastSmaps.Smaps(pieces));
            },
            iter: 50);
    }

    [Fact]
    public void An_empty_file_is_no_address_space_and_not_no_memory() => Assert.Equal(ReadOutcome.NoAddressSpace, Read([], out _));

    [Fact]
    public void How_reading_the_bytes_ended_goes_before_what_they_said()
    {
        Smaps smaps = default;
        Assert.Equal(ReadOutcome.Gone, smaps.Judge(ReadOutcome.Gone));
        SmapsPiece piece = new(s_everything, ref smaps);
        while (piece.Next(out _))
        {
        }

        Assert.Equal(ReadOutcome.Ok, smaps.Judge(ReadOutcome.Ok));
        Assert.Equal(ReadOutcome.Gone, smaps.Judge(ReadOutcome.Gone));
        Assert.Equal(ReadOutcome.Malformed, smaps.Judge(ReadOutcome.Malformed));
    }

    [Theory]
    [InlineData("Rss:                   4 kB\n")]
    [InlineData("VmFlags: rd \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \nRss:                   4 kB\n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \nVmFlags: rd \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \nRss:                   4\nVmFlags: rd \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \nRss:                   4 kB\nVmFlags: rd \n00500000-00501000 rw-p 00000000 00:00 0 \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \n00500000-00501000 rw-p 00000000 00:00 0 \nRss:                   4 kB\nVmFlags: rd \n")]
    [InlineData("00500000-00400000 r--p 00000000 fe:00 1 \nRss:                   4 kB\nVmFlags: rd \n")]
    [InlineData("00400000-00401000 r--p 00000000 fe:00 1 \nRss:                   4 kB\nVmFlags: rd")]
    public void A_mapping_that_is_not_whole_makes_the_file_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, Read(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Fields_that_an_old_kernel_lacks_are_null_and_those_of_a_new_one_are_passed_over()
    {
        string text = "00400000-00401000 r--p 00000000 fe:00 1                                  /bin/a b\n"
            + "Rss:                   4 kB\nPss:                   1 kB\nNew_Field:   1 kB\nProtectionKey:         0\nVmFlags: rd xx \nLater: x\n";
        Assert.Equal(ReadOutcome.Ok, Read(Encoding.ASCII.GetBytes(text), out List<SmapsRollup> mappings));
        SmapsRollup only = Assert.Single(mappings);
        Assert.Equal(4096, only[RollupField.Rss]);
        Assert.Equal(1024, only[RollupField.Pss]);
        Assert.Null(only[RollupField.PssDirty]);
        Assert.Null(only[RollupField.Swap]);
    }

    [Fact]
    public void Sizes_of_one_mapping_do_not_leak_into_the_next()
    {
        string text = "00400000-00401000 r--p 00000000 fe:00 1 \nRss:                   4 kB\nSwap:                  8 kB\nVmFlags: rd ht \n"
            + "00500000-00501000 r--p 00000000 fe:00 1 \nRss:                   0 kB\nVmFlags: rd \n";
        Assert.Equal(ReadOutcome.Ok, Read(Encoding.ASCII.GetBytes(text), out List<SmapsRollup> mappings));
        Assert.Equal(8192, mappings[0][RollupField.Swap]);
        Assert.Null(mappings[1][RollupField.Swap]);
    }

    private static ReadOutcome Read(byte[] text, out List<SmapsRollup> mappings)
    {
        mappings = [];
        Smaps smaps = default;
        SmapsPiece piece = new(text, ref smaps);
        while (piece.Next(out _))
        {
            if (smaps.Mappings > 1)
            {
                mappings.Add(smaps.Values);
            }
        }

        mappings.Add(smaps.Values);
        return smaps.Judge(ReadOutcome.Ok);
    }
}
