using System;
using System.Collections;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using MapAgent.Hosting.Configuration;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Docs;

/// <summary>What the package installs beside the program says what the program does.</summary>
public sealed class PackagedFilesTests
{
    private static readonly string s_configuration = File.ReadAllText(RepositoryRoot.File("deploy/debian/mapagent.yaml"));

    [Fact]
    public void The_manual_page_is_made_from_the_command_line() => Golden.Compare("deploy/man/mapagent.1", ManualPage.Render());

    [Fact]
    public void The_manual_page_of_the_configuration_is_made_from_its_document() => Golden.Compare("deploy/man/mapagent.yaml.5", ConfigurationPage.Render());

    [Fact]
    public void The_completion_is_made_from_the_command_line() => Golden.Compare("deploy/completion/mapagent.bash", BashCompletion.Render());

    [Fact]
    public void The_file_of_variables_is_made_from_the_command_line() => Golden.Compare("deploy/debian/mapagent.default", DefaultsFile.Render());

    /// <summary>The committed pages are looked at as a reader sees them: names that the generator would leave out, or would invent.</summary>
    [Theory]
    [InlineData("deploy/man/mapagent.1")]
    [InlineData("deploy/completion/mapagent.bash")]
    public void Every_command_and_flag_is_named_and_no_other(string file)
    {
        string text = Regex.Replace(File.ReadAllText(RepositoryRoot.File(file)).Replace("\\-", "-"), @"\\f[BR]", " ");
        IEnumerable<Option> options = [.. CommandModel.Flags, .. CommandModel.Commands.SelectMany(CommandModel.Own)];
        string[] known = [.. options.SelectMany(static option => option.Aliases.Append(option.Name)).Where(static name => name.StartsWith("--", StringComparison.Ordinal)).Distinct().Order()];

        Assert.Equal(known, Regex.Matches(text, @"(?<![\w-])--[a-z][a-z.-]*[a-z]").Select(static match => match.Value).Distinct().Order());
        Assert.All(CommandModel.Commands, command => Assert.Matches($@"(?<!\w){command.Name}(?!\w)", text));
    }

    [Fact]
    public void Every_setting_is_documented_in_the_manual()
    {
        string page = File.ReadAllText(RepositoryRoot.File("deploy/man/mapagent.yaml.5"));
        Assert.All(SettingTable.All, setting => Assert.Contains($"\\fB{setting.Key}\\fR", page, StringComparison.Ordinal));
        Assert.DoesNotContain("```", page, StringComparison.Ordinal);
        Assert.DoesNotContain("](", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_installed_configuration_changes_nothing()
    {
        AgentConfiguration configuration = Read(s_configuration);
        Assert.Equal(JsonSerializer.Serialize(Values(new AgentConfiguration())), JsonSerializer.Serialize(Values(configuration)));
        Assert.Null(configuration.Rules);
    }

    [Fact]
    public void What_the_installed_configuration_shows_is_every_key_at_its_default()
    {
        string[] lines = [.. s_configuration.Split('\n').Where(static line => Regex.IsMatch(line, "^#(  |[a-z])")).Select(static line => line[1..])];
        string text = string.Join('\n', lines);
        AgentConfiguration configuration = Read(text);
        Assert.NotEmpty(configuration.Rules!);

        string[] shown = [.. Keys(lines).Where(static key => !key.StartsWith("process_names", StringComparison.Ordinal))];
        Assert.Equal(SettingTable.All.Select(static setting => setting.Key).Order(), shown.Order());

        // Some keys have no default that could be shown, and the file says so; all else is one.
        AgentConfiguration defaults = Read(Regex.Replace(text, "(?m)^  [a-z_]+:.*# an example.*$", ""));
        Assert.Equal(JsonSerializer.Serialize(Values(new AgentConfiguration())), JsonSerializer.Serialize(Values(defaults)));
    }

    [Fact]
    public void Every_library_in_the_program_is_named_in_the_copyright()
    {
        string copyright = File.ReadAllText(RepositoryRoot.File("deploy/debian/copyright"));
        string project = File.ReadAllText(RepositoryRoot.File("src/MapAgent/MapAgent.csproj"));
        string[] libraries = [.. Regex.Matches(project, "<PackageReference Include=\"([^\"]+)\"").Select(static match => match.Groups[1].Value)];
        Assert.NotEmpty(libraries);
        Assert.All(libraries, library => Assert.Matches($@"[\s]{Regex.Escape(library)}[,:\s]", copyright));
    }

    private static object Values(AgentConfiguration configuration) =>
        new { configuration.Sampling, configuration.Limits, configuration.Mappings, configuration.Shm, configuration.Children, configuration.Kubernetes, configuration.ContainerId };

    private static IEnumerable<string> Keys(string[] lines)
    {
        string section = "";
        foreach (Match key in lines.Select(static line => Regex.Match(line, "^( *)([a-z_]+):(.*)$")).Where(static match => match.Success))
        {
            if (key.Groups[1].Length == 0)
            {
                section = key.Groups[2].Value;
            }

            if (key.Groups[3].Value.Trim().Length > 0 || key.Groups[1].Length > 0)
            {
                yield return key.Groups[1].Length == 0 ? section : $"{section}.{key.Groups[2].Value}";
            }
        }
    }

    private static AgentConfiguration Read(string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            AgentConfiguration? configuration = ConfigurationReader.Read(file, new Hashtable(), out IReadOnlyList<ConfigurationIssue> issues);
            Assert.DoesNotContain(issues, static issue => !issue.IsWarning);
            return configuration!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
