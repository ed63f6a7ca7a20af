using System;
using System.Collections.Generic;
using CsCheck;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Selection;

public sealed class GoRegexTests
{
    [Theory]
    [InlineData("a(?=b)", "lookahead '(?=' at column 2")]
    [InlineData("(?<!a)b", "negative lookbehind '(?<!' at column 1")]
    [InlineData(@"(a)\1", @"backreference '\1' at column 4")]
    [InlineData("(?>a)", "atomic group")]
    [InlineData("a++", "'+' right after another repetition at column 3")]
    [InlineData("(?x)a", "'x' in '(?' at column 3")]
    [InlineData("ab(c", "'(' without ')' at column 3")]
    [InlineData("(?P<a-b>c)", "group name at column 1")]
    [InlineData("x{1001}", "repeat count '{1001}' at column 2")]
    [InlineData(@"[\p{Greek}]", @"set 'Greek' at column 2")]
    [InlineData("[b-a]", "range 'b-a' at column 2")]
    [InlineData("[[:alfa:]]", "class '[:alfa:]' at column 2")]
    [InlineData(@"\y", @"escape '\y' at column 1")]
    public void A_wrong_pattern_is_refused_with_the_place_and_a_remedy(string pattern, string message)
    {
        Assert.False(GoRegex.TryCompile(pattern, out _, out string? error));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains(": ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_make_too_long_a_program_are_refused()
    {
        string thousandTimes = $"(?:{new string('x', 100)}){{1000}}";

        Assert.False(GoRegex.TryCompile(thousandTimes, out _, out string? error));
        Assert.Contains("too long to run", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_match_leaves_the_captures_of_earlier_patterns()
    {
        Dictionary<string, string> captures = new() { ["Port"] = "1" };

        Assert.False(Compile(@"--port=(?P<Port>\d+)").TryMatch("--port=x", captures, out _, out _));

        Assert.Equal("1", captures["Port"]);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_pattern_is_refused()
    {
        Assert.False(GoRegex.TryCompile("\U0001F600\ud800", out _, out string? error));
        Assert.Contains("half a surrogate pair at column 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_text_is_one_unknown_character() =>
        Assert.True(Compile(@"^a\x{FFFD}b.$").IsMatch("a\udc00b\ud800"));

    [Fact]
    public void Patterns_that_explode_when_backtracking_end()
    {
        string text = new('a', 100_000);

        Assert.False(Compile("(?:a+a+)+b").IsMatch(text));
        Assert.True(Compile("(a*)*$").IsMatch(text));
    }

    [Fact]
    public void A_pattern_can_be_matched_again_and_again_with_one_machine()
    {
        GoRegex regex = Compile("^(?P<First>[^ ]+)( (?P<Second>.*))?$");
        Dictionary<string, string> captures = [];

        Assert.True(regex.TryMatch("one two", captures, out _, out _));
        Assert.True(regex.TryMatch("three", captures, out _, out _));

        Assert.Equal("three", captures["First"]);
        Assert.Equal("", captures["Second"]);
    }

    [Fact]
    public void No_pattern_and_no_text_make_it_throw() =>
        Gen.Select(Gen.Char["ab01(){}[]?*+|^$.\\-:,<>PiUsmxpLQEdwz\n\u00e9\ud800\udc00"].Array[0, 14], Gen.String[0, 8])
            .Sample((letters, text) =>
            {
                if (GoRegex.TryCompile(new string(letters), out GoRegex? regex, out string? error))
                {
                    regex.IsMatch(text);
                }
                else
                {
                    Assert.False(string.IsNullOrEmpty(error));
                }
            });

    [Fact]
    public void Quoted_text_is_found_where_it_is() =>
        Gen.Select(Gen.Char["ab.*\n"].Array[0, 3], Gen.Char["ab.*\n"].Array[0, 12]).Sample((partLetters, textLetters) =>
        {
            string part = new(partLetters);
            string text = new(textLetters);
            bool found = Compile($@"\Q{part}\E").TryMatch(text, null, out int index, out int length);
            int expected = text.IndexOf(part, StringComparison.Ordinal);
            Assert.Equal((expected >= 0, Math.Max(expected, 0), found ? part.Length : 0), (found, index, length));
        });

    private static GoRegex Compile(string pattern)
    {
        Assert.True(GoRegex.TryCompile(pattern, out GoRegex? regex, out string? error), error);
        return regex;
    }
}
