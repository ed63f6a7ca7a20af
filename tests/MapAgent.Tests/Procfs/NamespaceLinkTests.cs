using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class NamespaceLinkTests
{
    [Theory]
    [InlineData("mnt:[4026531841]", 4026531841UL)]
    [InlineData("ipc:[4026532178]", 4026532178UL)]
    [InlineData("time:[1]", 1UL)]
    [InlineData("mnt:[18446744073709551615]", ulong.MaxValue)]
    public void The_number_in_brackets_is_the_namespace(string target, ulong number)
    {
        Assert.Equal(ReadOutcome.Ok, NamespaceLink.Parse(Encoding.ASCII.GetBytes(target), out ulong read));
        Assert.Equal(number, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData(":[")]
    [InlineData(":[5]")]
    [InlineData("mnt")]
    [InlineData("mnt:[")]
    [InlineData("mnt:]")]
    [InlineData("mnt:[]")]
    [InlineData("mnt:[0]")]
    [InlineData("mnt:[+5]")]
    [InlineData("mnt:[-5]")]
    [InlineData("mnt:[5")]
    [InlineData("mnt:[5]\n")]
    [InlineData("mnt:[5\0]")]
    [InlineData("mnt:[5 (deleted)]")]
    [InlineData("mnt:[18446744073709551616]")]
    [InlineData("/proc/1/ns/mnt")]
    [InlineData("mnt:\u00ff[5]")]
    public void Without_a_number_in_brackets_at_the_end_it_is_malformed(string target)
    {
        Assert.Equal(ReadOutcome.Malformed, NamespaceLink.Parse(Encoding.Latin1.GetBytes(target), out ulong number));
        Assert.Equal(0UL, number);
    }

    [Fact]
    public void Any_number_but_zero_comes_back() =>
        Gen.ULong[1, ulong.MaxValue].Sample(number =>
            NamespaceLink.Parse(Encoding.ASCII.GetBytes($"uts:[{number}]"), out ulong read) == ReadOutcome.Ok && read == number);
}
