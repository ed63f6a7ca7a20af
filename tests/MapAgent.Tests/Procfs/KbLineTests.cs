using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class KbLineTests
{
    [Theory]
    [InlineData("Pss_Anon:            1234 kB", "Pss_Anon", 1234)]
    [InlineData("VmSwap:\t      12 kB", "VmSwap", 12)]
    [InlineData("Active(anon):       1520 kB", "Active(anon)", 1520)]
    [InlineData("Rss:0 kB", "Rss", 0)]
    [InlineData("Rss: 0000000000000000000000000007 kB", "Rss", 7)]
    [InlineData("Rss: 9007199254740991 kB", "Rss", 9_007_199_254_740_991)]
    public void A_size_is_read_in_bytes(string line, string name, long kibibytes)
    {
        Assert.True(KbLine.TryParse(Encoding.ASCII.GetBytes(line), out KbLine parsed));
        Assert.Equal(Encoding.ASCII.GetBytes(name), parsed.Name.ToArray());
        Assert.Equal(kibibytes * 1024, parsed.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Rss")]
    [InlineData("Rss:")]
    [InlineData("Rss: ")]
    [InlineData("Rss: 1")]
    [InlineData("Rss: 1 k")]
    [InlineData("Rss: 1 kB\n")]
    [InlineData("Rss: 1  kB")]
    [InlineData("Rss: 1 KB")]
    [InlineData("Rss: +1 kB")]
    [InlineData("Rss: -1 kB")]
    [InlineData("Rss: 0x1 kB")]
    [InlineData(": 1 kB")]
    [InlineData("HugePages_Total:       4")]
    [InlineData("Rss: 9007199254740992 kB")]
    [InlineData("Rss: 9223372036854775807 kB")]
    [InlineData("Rss: 18446744073709551616 kB")]
    public void What_is_no_size_is_refused(string line) => Assert.False(KbLine.TryParse(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void Every_size_below_two_to_the_63_bytes_comes_back() =>
        Gen.Long[0, (1L << 53) - 1].Sample(kibibytes =>
        {
            Assert.True(KbLine.TryParse(Encoding.ASCII.GetBytes($"Rss: {kibibytes} kB"), out KbLine parsed));
            Assert.Equal(kibibytes, parsed.Bytes / 1024);
        });
}
