using System;
using System.Collections.Generic;
using CsCheck;
using MapAgent.Selection;
using Xunit;

namespace MapAgent.Tests.Selection;

public sealed class NameTemplateTests
{
    // Right for Go, but beyond the part known here; Go prints nothing for the first, whose arguments do not fit.
    private static readonly HashSet<string> s_refused =
    [
        "{{.Comm .PID}}", "{{$}}x", "{{true}}", "{{nil}}", "{{.Comm | printf \"%s\"}}", "{{printf \"%5s\" .Comm}}", "{{printf \"%\"}}", "{{\"\\101\"}}",
    ];

    private static readonly string[] s_parts =
    [
        "{{", "}}", "{{- ", " -}}", "if ", "else", "end", ".Comm", ".Matches.A", ".Cgroups", " ", "\"", "\\", "`", "(", ")", "index ", "printf ", "%s", "eq ", "1",
        "-", "/*", "*/", "x", ".",
    ];

    [Fact]
    public void Every_recorded_name_of_go_is_reproduced()
    {
        List<string> wrong = [];
        IReadOnlyList<string[]> rows = GoTable.Read("go-template.tsv");
        foreach (string[] row in rows)
        {
            bool parsed = NameTemplate.TryParse(row[0], out NameTemplate? template, out string? error);
            string expected = row[1] == "error" || s_refused.Contains(row[0]) ? "error" : row[2];
            string actual = parsed ? template!.Render(Values()) : "error";
            if (actual != expected)
            {
                wrong.Add($"{row[0]}: Go {expected}, here {actual} {error}");
            }
        }

        Assert.True(rows.Count > 120);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("{{.Com}}", "field '.Com' at column 3: did you mean .Comm?")]
    [InlineData("{{.comm}}", "did you mean .Comm?")]
    [InlineData("x{{.User}}", "field '.User' at column 4: the fields are .Comm, ")]
    [InlineData("{{.UserName}}", "did you mean .Username?")]
    [InlineData("{{.Cwd}}", "field '.Cwd'")]
    [InlineData("{{.}}", "field '.' at column 3: the fields are .Comm, ")]
    [InlineData("{{.Comm.Len}}", "'.Comm.Len' at column 3")]
    [InlineData("{{.Matches}}", "'.Matches' alone at column 3")]
    [InlineData("{{if .Matches}}x{{end}}", "'.Matches' alone at column 6")]
    [InlineData("{{range .Cgroups}}x{{end}}", "'range' at column 3")]
    [InlineData("{{.Comm | printf \"%s\"}}", "'|' at column 9: ")]
    [InlineData("{{index .Cgroups \"x\"}}", "'index' at column 3: its arguments")]
    [InlineData("{{if eq .PID \"1\"}}{{end}}", "'eq' at column 6: its arguments")]
    [InlineData("{{printf \"%5s\" .Comm}}", "'printf' at column 3: the verbs are")]
    [InlineData("{{printf \"x\" .Comm}}", "'printf' at column 3: there are more arguments")]
    [InlineData("ab{{if .Comm}}x", "{{if}} without {{end}} at column 3")]
    [InlineData("{{.Comm", "end of the template inside {{ at column 8")]
    [InlineData("{{(.Comm}}", "'(' not closed at column 9")]
    public void What_is_not_known_is_refused_with_its_name_and_place(string text, string message)
    {
        Assert.False(NameTemplate.TryParse(text, out _, out string? error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Needs_are_those_of_all_branches()
    {
        Assert.Equal(TemplateFields.None, Parse("plain").Needs);
        Assert.Equal(TemplateFields.Exe | TemplateFields.Comm | TemplateFields.Matches, Parse("{{if .Matches.A}}{{.ExeFull}}{{else}}{{.Comm}}{{end}}").Needs);
        Assert.Equal(
            TemplateFields.Username | TemplateFields.Pid | TemplateFields.StartTime | TemplateFields.Cgroups,
            Parse("{{.Username}}{{.PID}}{{.StartTime}}{{index .Cgroups 0}}").Needs);
    }

    [Fact]
    public void A_start_on_the_full_second_has_no_fraction()
    {
        TemplateValues values = new() { StartTime = DateTimeOffset.UnixEpoch };

        Assert.Equal("1970-01-01 00:00:00 +0000 UTC", Parse("{{.StartTime}}").Render(values));
    }

    [Fact]
    public void No_template_makes_it_throw() =>
        Gen.Int[0, s_parts.Length - 1].Array[0, 12].Sample(parts =>
        {
            string text = string.Concat(Array.ConvertAll(parts, static part => s_parts[part]));
            if (NameTemplate.TryParse(text, out NameTemplate? template, out string? error))
            {
                Assert.NotNull(template.Render(Values()));
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(error));
            }
        });

    [Fact]
    public void Too_long_a_template_is_refused() => Assert.False(NameTemplate.TryParse("{{" + new string('(', 5000), out _, out _));

    // The values of Fixtures/go-template.go.
    private static TemplateValues Values() => new()
    {
        Comm = "java",
        ExeBase = "java",
        ExeFull = "/usr/bin/java",
        Username = "root",
        Pid = 42,
        StartTime = DateTimeOffset.FromUnixTimeMilliseconds(1795471858120),
        Cgroups = ["/system.slice/x.service", "/b"],
        Matches = new Dictionary<string, string> { ["Port"] = "5432", ["Empty"] = "", ["with space"] = "ws" },
    };

    private static NameTemplate Parse(string text)
    {
        Assert.True(NameTemplate.TryParse(text, out NameTemplate? template, out string? error), error);
        return template;
    }
}
