using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class CommTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("fifteen-bytes-x")]
    [InlineData("a)( \n\u001b[31m")]
    [InlineData("\u00e9\u6f22")]
    public void A_name_comes_back_as_it_was(string name) => Assert.Equal(name, Comm.Of(Encoding.UTF8.GetBytes(name)).ToString());

    [Fact]
    public void What_no_process_can_have_is_cut() => Assert.Equal("kworker/u8:3-ev", Comm.Of("kworker/u8:3-events_unbound"u8).ToString());

    [Fact]
    public void Names_are_equal_by_their_bytes_and_length()
    {
        Assert.Equal(Comm.Of("a"u8), Comm.Of("a"u8));
        Assert.Equal(Comm.Of("a"u8).GetHashCode(), Comm.Of("a"u8).GetHashCode());
        Assert.NotEqual(Comm.Of("a"u8), Comm.Of("a\0"u8));
        Assert.NotEqual(Comm.Of("a"u8), Comm.Of("b"u8));
    }
}
