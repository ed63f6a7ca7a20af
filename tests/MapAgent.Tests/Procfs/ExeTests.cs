using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ExeTests
{
    [Fact]
    public void The_link_is_the_path_as_it_stands_a_deleted_mark_included() =>
        Assert.Equal("/usr/bin/my shell (deleted)", Exe.Parse("/usr/bin/my shell (deleted)"u8));

    [Fact]
    public void Invalid_text_is_replaced() => Assert.Equal("/\ufffd", Exe.Parse([(byte)'/', 0xff]));
}
