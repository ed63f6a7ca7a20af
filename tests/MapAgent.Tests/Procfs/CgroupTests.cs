using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class CgroupTests
{
    [Fact]
    public void A_captured_process_gives_every_path_in_the_kernels_order()
    {
        Assert.Equal(ReadOutcome.Ok, Cgroup.Parse(Fixture.Bytes("6.18", "shell", "cgroup"), out string[] paths));
        Assert.Equal(["/", "/", "/", "/", "/", "/demo.slice/worker.service", "/", "/", "/", "/demo.slice/worker.service"], paths);
    }

    [Theory]
    [InlineData("0::/\n", new[] { "/" })]
    [InlineData("0::/containerd.service/kubepods-pod1.slice:cri-containerd:abc\n", new[] { "/containerd.service/kubepods-pod1.slice:cri-containerd:abc" })]
    [InlineData("4:memory:/a b\n0::\n", new[] { "/a b", "" })]
    [InlineData("0::/../../x (deleted)\n", new[] { "/../../x (deleted)" })]
    [InlineData("", new string[0])]
    public void The_path_is_all_behind_the_second_colon(string text, string[] paths)
    {
        Assert.Equal(ReadOutcome.Ok, Cgroup.Parse(Encoding.ASCII.GetBytes(text), out string[] found));
        Assert.Equal(paths, found);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("0\n")]
    [InlineData("0:\n")]
    [InlineData("0::/\nx\n")]
    public void A_line_without_two_colons_is_malformed_and_gives_no_paths(string text)
    {
        Assert.Equal(ReadOutcome.Malformed, Cgroup.Parse(Encoding.ASCII.GetBytes(text), out string[] paths));
        Assert.Empty(paths);
    }

    [Fact]
    public void Invalid_text_in_a_path_is_replaced()
    {
        Assert.Equal(ReadOutcome.Ok, Cgroup.Parse([.. "0::/"u8, 0xff, (byte)'\n'], out string[] paths));
        Assert.Equal(["/\ufffd"], paths);
    }
}
