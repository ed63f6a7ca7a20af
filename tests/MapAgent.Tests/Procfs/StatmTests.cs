using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class StatmTests
{
    [Fact]
    public void A_captured_file_gives_pages()
    {
        Assert.Equal(ReadOutcome.Ok, Statm.Parse(Fixture.Bytes("6.18", "dotnet", "statm"), out Statm statm));
        Assert.Equal((13_122_341UL, 7051UL, 6490UL), (statm.SizePages, statm.ResidentPages, statm.SharedPages));
    }

    [Fact]
    public void A_zombie_has_zeros()
    {
        Assert.Equal(ReadOutcome.Ok, Statm.Parse(Fixture.Bytes("6.18", "zombie", "statm"), out Statm statm));
        Assert.Equal((0UL, 0UL, 0UL), (statm.SizePages, statm.ResidentPages, statm.SharedPages));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2 3 4 5 6\n")]
    [InlineData("1 2 3 4 5 6 7")]
    [InlineData("1 x 3 4 5 6 7\n")]
    [InlineData("1 -2 3 4 5 6 7\n")]
    [InlineData("1 18446744073709551616 3 4 5 6 7\n")]
    [InlineData("1  2 3 4 5 6 7\n")]
    public void What_is_no_statm_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, Statm.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_seven_numbers_are_read_as_the_slow_reference_reads_them() =>
        Gen.ULong.Array[7].Sample(numbers =>
        {
            byte[] text = Encoding.ASCII.GetBytes(string.Join(' ', numbers) + "\n");
            Assert.NotNull(SlowParser.Statm(text));
            Assert.Equal(SlowParser.Statm(text), FastReading.Statm(text));
        });
}
