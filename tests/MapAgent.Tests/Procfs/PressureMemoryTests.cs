using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class PressureMemoryTests
{
    [Fact]
    public void A_captured_file_that_says_zero_gives_zero()
    {
        Assert.Equal(ReadOutcome.Ok, PressureMemory.Parse(Fixture.Bytes("6.18", "node", "pressure/memory"), out PressureMemory pressure));
        Assert.Equal((0L, 0L), (pressure.SomeMicroseconds, pressure.FullMicroseconds));
    }

    [Fact]
    public void Totals_are_told_apart()
    {
        byte[] text = [.. "some avg10=1.00 avg60=2.00 avg300=0.00 total=9223372036854775807\n"u8, .. "full avg10=0.00 avg60=0.00 total=12\n"u8];
        Assert.Equal(ReadOutcome.Ok, PressureMemory.Parse(text, out PressureMemory pressure));
        Assert.Equal((long.MaxValue, 12L), (pressure.SomeMicroseconds, pressure.FullMicroseconds));
    }

    [Fact]
    public void Without_a_full_line_it_is_unknown()
    {
        Assert.Equal(ReadOutcome.Ok, PressureMemory.Parse("some avg10=0.00 total=5\n"u8, out PressureMemory pressure));
        Assert.Null(pressure.FullMicroseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("full avg10=0.00 total=5\n")]
    [InlineData("some avg10=0.00 total=5")]
    [InlineData("some avg10=0.00\n")]
    [InlineData("some avg10=0.00 total=\n")]
    [InlineData("some avg10=0.00 total=-5\n")]
    [InlineData("some avg10=0.00 total=5 \n")]
    [InlineData("some avg10=0.00 total=9223372036854775808\n")]
    public void What_cannot_be_read_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, PressureMemory.Parse(Encoding.ASCII.GetBytes(text), out _));
}
