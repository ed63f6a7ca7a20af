using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class CmdlineTests
{
    [Fact]
    public void A_captured_command_line_keeps_blanks_inside_arguments() =>
        Assert.Equal(["/tmp/x/my shell", "-c", "while :; do sleep 1000; done", "a", "b c"], Cmdline.Parse(Fixture.Bytes("6.18", "shell", "cmdline")));

    [Theory]
    [InlineData("zombie")]
    [InlineData("kernel-thread")]
    public void Without_memory_there_are_no_arguments(string process) =>
        Assert.Empty(Cmdline.Parse(Fixture.Bytes("6.18", process, "cmdline")));

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\0\0\0", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\0", new[] { "a" })]
    [InlineData("a\0\0b\0", new[] { "a", "", "b" })]
    [InlineData("\0b\0", new[] { "", "b" })]
    [InlineData("nginx: worker process\0\0\0\0", new[] { "nginx: worker process" })]
    public void NULs_part_arguments_and_those_at_the_end_do_not_count(string text, string[] arguments) =>
        Assert.Equal(arguments, Cmdline.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Invalid_text_is_replaced_and_no_argument_is_lost() =>
        Assert.Equal(["\ufffd", "b"], Cmdline.Parse([0xff, 0, (byte)'b', 0]));

    [Fact]
    public void Any_bytes_are_read_as_the_slow_reference_reads_them() =>
        Gen.OneOf(Gen.Byte, Gen.Const((byte)0)).Array[0, 60].Sample(bytes =>
        {
            string text = Encoding.Latin1.GetString(bytes).TrimEnd('\0');
            string[] slow = bytes.Length == 0 ? [] : [.. text.Split('\0').Select(static part => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(part)))];
            Assert.Equal(slow, Cmdline.Parse(bytes));
        });

    [Fact]
    public void A_megabyte_of_NULs_and_letters_is_taken()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1_000_000).Select(static i => (byte)(i % 2 == 0 ? 'a' : 0))];
        string[] arguments = Cmdline.Parse(bytes);
        Assert.Equal(500_000, arguments.Length);
        Assert.All(arguments, static argument => Assert.Equal("a", argument));
    }
}
