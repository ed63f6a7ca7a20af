using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class UptimeTests
{
    [Fact]
    public void A_captured_file_gives_seconds_since_boot()
    {
        Assert.Equal(ReadOutcome.Ok, Uptime.Parse(Fixture.Bytes("6.18", "node", "uptime"), out double seconds));
        Assert.Equal(5502.25, seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5502.25")]
    [InlineData("5502.25\n")]
    [InlineData(" 5502.25 1.00\n")]
    [InlineData("-1.00 1.00\n")]
    [InlineData("x 1.00\n")]
    [InlineData("NaN 1.00\n")]
    [InlineData("Infinity 1.00\n")]
    [InlineData("1e300 1.00\n")]
    public void What_is_no_time_a_machine_can_be_up_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, Uptime.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_time_of_hundredths_comes_back() =>
        Gen.Long[0, 100_000_000_000].Sample(static hundredths =>
        {
            Assert.Equal(ReadOutcome.Ok, Uptime.Parse(Encoding.ASCII.GetBytes($"{hundredths / 100}.{hundredths % 100:D2} 0.00\n"), out double seconds));
            Assert.Equal(hundredths / 100.0, seconds, 1e-6);
        });
}
