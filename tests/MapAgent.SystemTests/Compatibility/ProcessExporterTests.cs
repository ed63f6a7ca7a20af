using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Compatibility;

/// <summary>The same file and the same processes give the same groups as in process-exporter.</summary>
public sealed class ProcessExporterTests
{
    private const int Attempts = 3;

    public static IEnumerable<TheoryDataRow<string>> Names => CompatibilityCases.All.Keys.Select(static name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Groups_are_those_of_process_exporter(string name)
    {
        CompatibilityCase entry = CompatibilityCases.All[name];
        using TemporaryFolder folder = new();
        List<Victim> victims = [];
        try
        {
            foreach (Target target in entry.Targets)
            {
                victims.Add(await StartAsync(target, folder));
            }

            string file = folder.Write("rules.yml", $"process_names: [{entry.Rules.Replace("FOLDER", folder.Path, StringComparison.Ordinal)}]\n");
            await CompareAsync(file, entry);
        }
        finally
        {
            foreach (Victim victim in victims)
            {
                await victim.DisposeAsync();
            }
        }
    }

    private static async Task CompareAsync(string file, CompatibilityCase entry)
    {
        Dictionary<string, string> environment = new() { ["MAPAGENT_CHILDREN"] = entry.Children ? "true" : "false" };
        for (int attempt = 1; ; attempt++)
        {
            SortedDictionary<string, double> expected = await ProcessExporter.GroupsAsync(file, entry.Children);
            (int code, string output, string errors) = await ChildProcess.RunAsync(
                Agent.Binary, ["once", "--format=prometheus", "--config.file=" + file], environment);
            Assert.True(code == 0, errors);
            SortedDictionary<string, double> actual = output.Length == 0
                ? []
                : ProcessExporter.Groups(ExpositionParser.Parse(System.Text.Encoding.UTF8.GetBytes(output)), "mapagent_processes", "group");
            // What other people's processes do between the two readings is no difference of ours.
            if (attempt == Attempts || expected.SequenceEqual(actual))
            {
                Assert.Equal(expected, actual);
                Assert.True(expected.Count > 0 || entry.Name.Contains("absent", StringComparison.Ordinal), "nothing was compared");
                return;
            }
        }
    }

    private static async Task<Victim> StartAsync(Target target, TemporaryFolder folder)
    {
        string file = folder.File(target.File);
        if (!File.Exists(file))
        {
            File.CreateSymbolicLink(file, await NativePrograms.PathAsync("victim"));
        }

        string[] command = ["bash", "-c", "exec -a \"$1\" \"$0\" \"${@:2}\"", file, target.Argv0 ?? file, .. target.Arguments];
        string[] user = target.Unprivileged ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : [];
        string[] whole = [.. user, .. command];
        return await Victim.StartAsync(whole[0], whole.Skip(1), target.Commands);
    }
}
