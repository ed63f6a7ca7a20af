using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ProcessLimitsTests
{
    [Fact]
    public void Soft_limits_are_bytes_and_unlimited_is_no_number_that_a_limit_could_be()
    {
        Assert.Equal(ReadOutcome.Ok, ProcessLimits.Parse(Fixture.Bytes("6.18", "limited", "limits"), out ProcessLimits limits));
        Assert.Equal(8L << 30, limits.AddressSpace);
        Assert.Equal(64 * 1024, limits.Locked);
        Assert.Equal(1024 * 1024, limits.Stack);
        Assert.Equal(ProcessLimits.Unlimited, limits.Data);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Max data size             1                    1                    bytes\n")]
    [InlineData("Max address space         many                 1                    bytes\n")]
    [InlineData("Max address space         -1                   1                    bytes\n")]
    [InlineData("Max address space         12")]
    [InlineData("Max address space         12\n")]
    public void Without_a_readable_limit_of_the_address_space_the_file_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, ProcessLimits.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("65530\n", 65530)]
    [InlineData("0\n", 0)]
    [InlineData("2147483647\n", 2_147_483_647)]
    public void The_most_mappings_are_one_number(string text, long expected)
    {
        Assert.Equal(ReadOutcome.Ok, MaxMapCount.Parse(Encoding.ASCII.GetBytes(text), out long mappings));
        Assert.Equal(expected, mappings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("65530")]
    [InlineData("65530 1\n")]
    [InlineData("-1\n")]
    [InlineData("x\n")]
    public void Anything_else_is_no_number_of_mappings(string text) =>
        Assert.Equal(ReadOutcome.Malformed, MaxMapCount.Parse(Encoding.ASCII.GetBytes(text), out _));
}
