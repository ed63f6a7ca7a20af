using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class HostStatTests
{
    [Fact]
    public void A_captured_file_gives_the_boot_time()
    {
        Assert.Equal(ReadOutcome.Ok, HostStat.Parse(Fixture.Bytes("6.18", "node", "stat"), out HostStat stat));
        Assert.Equal(1_795_469_599, stat.BootTime);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 1 2 3\n")]
    [InlineData("btime 1795469599")]
    [InlineData("btime \n")]
    [InlineData("btime 0\n")]
    [InlineData("btime -5\n")]
    [InlineData("btime 5x\n")]
    [InlineData("btime 9223372036854775808\n")]
    [InlineData("xbtime 5\n")]
    public void Without_a_readable_boot_time_it_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, HostStat.Parse(Encoding.ASCII.GetBytes(text), out _));
}
