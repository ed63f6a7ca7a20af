using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class CgroupNumberTests
{
    [Theory]
    [InlineData("0\n", 0)]
    [InlineData("67108864\n", 67108864)]
    [InlineData("max\n", CgroupNumber.Unlimited)]
    [InlineData("9223372036854771712\n", CgroupNumber.Unlimited)]
    [InlineData("9223372036854710272\n", CgroupNumber.Unlimited)]
    public void A_number_or_max_is_read(string text, long expected)
    {
        Assert.Equal(ReadOutcome.Ok, CgroupNumber.Parse(Encoding.ASCII.GetBytes(text), out long number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("1")]
    [InlineData("max")]
    [InlineData("-1\n")]
    [InlineData("1 \n")]
    [InlineData("9223372036854775808\n")]
    public void Anything_else_is_malformed(string text) => Assert.Equal(ReadOutcome.Malformed, CgroupNumber.Parse(Encoding.ASCII.GetBytes(text), out _));
}
