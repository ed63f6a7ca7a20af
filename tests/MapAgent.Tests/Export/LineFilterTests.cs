using System;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Export;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class LineFilterTests
{
    private static readonly string[] s_lines =
    [
        "# EOF\n", "# EOF \n", "a_created 1\n", "a_created{b=\"c\"} 1\n", "_created 1\n", "a_total 1\n", "a{b=\"x_created \"} 1\n", "a_createdx 1\n",
        "# HELP a_created x\n", "\n", "a\n", "a_created\n",
    ];

    [Theory]
    [InlineData("a 1\n# EOF\n", "a 1\n")]
    [InlineData("a_total 1\na_created{x=\"y\"} 1.5\nb 2\n", "a_total 1\nb 2\n")]
    [InlineData("a{b=\"# EOF\"} 1\n", "a{b=\"# EOF\"} 1\n")]
    [InlineData("", "")]
    public void End_marks_and_creation_dates_are_left_out(string text, string rest) => Assert.Equal(rest, Filter(text, [text.Length]));

    [Fact]
    public void Any_chunks_give_what_the_whole_gives() =>
        Gen.Select(Gen.Int[0, s_lines.Length - 1].Array[0, 20], Gen.Int[0, 12].Array[1, 60]).Sample((lines, chunks) =>
        {
            string text = string.Concat(lines.Select(static line => s_lines[line]));
            string slow = string.Concat(lines.Select(static line => s_lines[line]).Where(static line =>
                line != "# EOF\n" && (line[0] == '#' || !line.Split('{', ' ')[0].EndsWith("_created"))));
            Assert.Equal(slow, Filter(text, chunks));
        });

    [Fact]
    public void It_is_a_stream_to_write_to_and_nothing_else()
    {
        using LineFilter filter = new(Stream.Null);
        Assert.Equal((false, false, true), (filter.CanRead, filter.CanSeek, filter.CanWrite));
        Assert.Throws<NotSupportedException>(() => filter.Length);
        Assert.Throws<NotSupportedException>(() => filter.Position);
        Assert.Throws<NotSupportedException>(() => filter.Seek(0, SeekOrigin.Begin));
    }

    private static string Filter(string text, int[] chunks)
    {
        using MemoryStream output = new();
        using LineFilter filter = new(output);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int at = 0;
        for (int i = 0; at < bytes.Length; i++)
        {
            // A chunk of nothing now and then; the last one is what is left.
            int length = i < chunks.Length ? Math.Min(chunks[i], bytes.Length - at) : bytes.Length - at;
            filter.Write(bytes, at, length);
            at += length;
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
