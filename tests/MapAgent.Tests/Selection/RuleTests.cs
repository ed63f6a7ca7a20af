using System.Collections.Generic;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Selection;

public sealed class RuleTests
{
    [Theory]
    [InlineData("postgres", "/usr/bin/postgres", true)]
    [InlineData("/usr/bin/postgres", "/usr/bin/postgres", true)]
    [InlineData("/usr/bin/postgres", "/opt/postgres", false)]
    [InlineData("/usr/bin/postgres", "postgres", false)]
    [InlineData("postgres", "postgres", true)]
    [InlineData("bin", "/usr/bin/", true)]
    [InlineData("ostgres", "/usr/bin/postgres", false)]
    public void Exe_compares_the_first_argument_or_its_last_part(string exe, string argument, bool expected) =>
        Assert.Equal(expected, Compile(new RuleOptions { Exe = [exe] }).Match(new ProcessFacts { Comm = "x", Cmdline = [argument] }) is not null);

    [Fact]
    public void A_process_without_arguments_matches_no_exe() =>
        Assert.Null(Compile(new RuleOptions { Exe = ["x"] }).Match(new ProcessFacts { Comm = "x" }));

    [Fact]
    public void All_of_two_entries_with_the_same_last_part_count()
    {
        Rule rule = Compile(new RuleOptions { Exe = ["/a/x", "/b/x"] });
        Assert.NotNull(rule.Match(new ProcessFacts { Cmdline = ["/a/x"] }));
        Assert.NotNull(rule.Match(new ProcessFacts { Cmdline = ["/b/x"] }));
    }

    [Fact]
    public void Every_expression_must_match_and_their_parts_name_the_group()
    {
        Rule rule = Compile(new RuleOptions { Name = "{{.ExeBase}}:{{.Matches.Port}}:{{.Matches.Role}}", Cmdline = ["--port=(?P<Port>\\d+)", "--role (?P<Role>\\w+)"] });
        Assert.Equal("db:12:main", rule.Match(new ProcessFacts { Cmdline = ["/usr/bin/db", "--port=12", "--role", "main"] }));
        Assert.Null(rule.Match(new ProcessFacts { Cmdline = ["/usr/bin/db", "--port=12"] }));
    }

    [Theory]
    [InlineData("post*", 5u, "postgres", true)]
    [InlineData("5", 5u, "postgres", true)]
    [InlineData("root", 5u, "postgres", false)]
    [InlineData("p?stgres", 5u, "postgres", true)]
    [InlineData("*", null, "", false)]
    public void User_is_a_glob_over_the_name_or_the_number(string glob, uint? uid, string name, bool expected) =>
        Assert.Equal(expected, Compile(new RuleOptions { User = [glob] }).Match(new ProcessFacts { Uid = uid, Username = name }) is not null);

    [Fact]
    public void The_first_rule_that_matches_wins_and_only_needed_files_are_asked_for()
    {
        RuleSet rules = new([Compile(new RuleOptions { Name = "one", Comm = ["a"] }), Compile(new RuleOptions { Name = "two", Comm = ["a", "b"] })], true);
        Assert.Equal("one", rules.Match(new ProcessFacts { Comm = "a" })?.Group);
        Assert.Equal("two", rules.Match(new ProcessFacts { Comm = "b" })?.Group);
        Assert.Null(rules.Match(new ProcessFacts { Comm = "c" }));
        Assert.False(rules.NeedsCmdline || rules.NeedsUser || rules.NeedsCgroup);
        Assert.True(new RuleSet([Compile(new RuleOptions { Comm = ["a"] })], true).NeedsCmdline);
    }

    private static Rule Compile(RuleOptions options)
    {
        Assert.True(Rule.TryCreate(options, out Rule? rule, out IReadOnlyList<(string Key, int Index, string Error)> errors), string.Join("; ", errors));
        return rule;
    }
}
