using System.Collections;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Hosting;
using MapAgent.Hosting.Configuration;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Docs;

public sealed class ConfigurationDocumentTests
{
    private static readonly string s_text = File.ReadAllText(RepositoryRoot.File("docs/configuration.md"));

    [Fact]
    public void Every_flag_and_its_variable_are_documented()
    {
        foreach (Option option in new AgentFlags().Options)
        {
            Assert.Contains($"| `{option.Name}` | `{AgentFlags.VariableName(option.Name)}` |", s_text);
        }
    }

    [Fact]
    public void Every_setting_is_documented_and_nothing_else_is()
    {
        string table = s_text[s_text.IndexOf("### Keys with one value", System.StringComparison.Ordinal)..];
        string[] documented = [.. Regex.Matches(table, @"^\| (`[^|]*`) \|", RegexOptions.Multiline)
            .SelectMany(static row => Regex.Matches(row.Groups[1].Value, "`([^`]+)`").Select(static key => key.Groups[1].Value))];

        Assert.Equal(SettingTable.All.Select(static setting => setting.Key).Order(), documented.Order());
    }

    [Fact]
    public void The_example_is_good()
    {
        string yaml = Regex.Match(s_text, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            AgentConfiguration? configuration = ConfigurationReader.Read(file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues);

            Assert.Empty(issues);
            Assert.NotNull(configuration);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
