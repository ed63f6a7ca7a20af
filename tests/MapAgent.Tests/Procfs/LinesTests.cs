using System.Collections.Generic;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class LinesTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new string[0])]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\nb\nc", new[] { "a", "", "b" })]
    [InlineData("\n", new[] { "" })]
    public void Whole_lines_are_given_out_and_a_cut_one_is_not(string text, string[] lines) => Assert.Equal(lines, Read(text));

    [Fact]
    public void Any_text_gives_what_Split_gives() =>
        Gen.Char["ab\n\r"].Array[0, 40].Sample(letters =>
        {
            string text = new(letters);
            Assert.Equal(text.Split('\n')[..^1], Read(text));
        });

    private static List<string> Read(string text)
    {
        List<string> lines = [];
        foreach (System.ReadOnlySpan<byte> line in new Lines(Encoding.ASCII.GetBytes(text)))
        {
            lines.Add(Encoding.ASCII.GetString(line));
        }

        return lines;
    }
}
