using System;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class SmapsSizeTests
{
    private static readonly int s_pss = SmapsSize.LineOf((int)RollupField.Pss);

    [Fact]
    public void Every_number_of_eight_digits_at_most_comes_back() => Gen.Int[0, 99_999_999].Sample(kibibytes =>
    {
        Assert.True(SmapsSize.TryTake(Encoding.ASCII.GetBytes($"Pss:            {kibibytes,8} kB\nmore"), s_pss, out _, out long bytes));
        Assert.Equal(kibibytes * 1024L, bytes);
    });

    [Fact]
    public void Whatever_is_taken_is_what_the_long_way_reads() => Gen.Char["0123456789 "].Array[8].Sample(number =>
    {
        byte[] line = Encoding.ASCII.GetBytes($"Pss:            {new string(number)} kB\n");
        bool isLong = KbLine.TryValue(line.AsSpan()[4..^1], out long expected);
        if (SmapsSize.TryTake(line, s_pss, out _, out long bytes))
        {
            Assert.True(isLong);
            Assert.Equal(expected, bytes);
        }
    });

    [Theory]
    [InlineData("Pss:            %%%%%%%1 kB\n")]
    [InlineData("Pss:                  +1 kB\n")]
    [InlineData("Pss:                  -1 kB\n")]
    [InlineData("Pss:                 1 1 kB\n")]
    [InlineData("Pss:                  1  kB\n")]
    [InlineData("Pss:                     kB\n")]
    [InlineData("Pss:                   1 kB")]
    [InlineData("Pss:                   1 MB\n")]
    [InlineData("Pss:                   1 kBs")]
    [InlineData("Pss:          123456789 kB\n")]
    [InlineData("Pss_Dirty:             1 kB\n")]
    [InlineData("Pss:                   : kB\n")]
    [InlineData("Pss:                   ? kB\n")]
    [InlineData("Pss:            \0\0\0\0\0\0\01 kB\n")]
    [InlineData("")]
    public void Any_other_line_is_left_to_the_long_way(string text) => Assert.False(SmapsSize.TryTake(Encoding.ASCII.GetBytes(text), s_pss, out _, out _));

    [Fact]
    public void Every_line_of_a_captured_mapping_is_laid_out_so_but_the_last_two()
    {
        string[] lines = Encoding.Latin1.GetString(Fixture.Bytes("6.18", "everything", "smaps")).Split('\n')[1..25];
        for (int i = 0; i < SmapsSize.Count; i++)
        {
            Assert.True(SmapsSize.TryTake(Encoding.Latin1.GetBytes(lines[i] + "\n"), i, out _, out _), lines[i]);
        }

        Assert.StartsWith("THPeligible:", lines[SmapsSize.Count]);
        Assert.StartsWith("VmFlags:", lines[SmapsSize.Count + 1]);
    }

    [Fact]
    public void Lines_beyond_the_last_are_none()
    {
        Assert.Equal(22, SmapsSize.Count);
        Assert.False(SmapsSize.TryTake("Locked:                1 kB\n"u8, SmapsSize.Count, out _, out _));
        Assert.True(SmapsSize.TryTake("Locked:                1 kB\n"u8, SmapsSize.Count - 1, out _, out _));
        Assert.Equal(SmapsSize.Count, SmapsSize.LineOf(SmapsRollup.FieldCount));
    }
}
