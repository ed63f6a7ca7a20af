using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using MapAgent.Export;
using MapAgent.Sampling;
using MapAgent.Tests.Architecture;
using MapAgent.Tests.Export;
using MapAgent.Tests.Mappings;
using Xunit;

namespace MapAgent.Tests.Docs;

/// <summary>docs/api.md names every key that there is.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public void Every_key_of_the_json_is_documented()
    {
        string text = File.ReadAllText(RepositoryRoot.File("docs/api.md"));
        // A name in code, or a part of one with dots.
        HashSet<string> documented = [.. Regex.Matches(text, "`([^`]+)`").SelectMany(static match => match.Groups[1].Value.Split('.'))];
        using ProcTree tree = new ProcTree().WithNode().With(43, "stat", new StatLine { Pid = 43 }.ToBytes());
        using Page page = new(tree);
        View view = page.ViewOf(page.MeasureFull() with { Giants = [new Giant(1, "g", 1, 1, false)] });
        SortedSet<string> keys = [];
        Collect(writer => SnapshotJson.WriteAll(writer, view), keys);
        Collect(writer => SnapshotJson.WriteGroups(writer, view, new SeriesFilter("worker", null, null, null, null)), keys);
        Collect(writer => ProcessJson.Write(writer, Inspected.Hostile()), keys);
        Assert.Contains("members_left_out", keys);
        Assert.Contains("snapshot_age_seconds", keys);
        HashSet<string> families = [.. MetricTable.All.Select(static family => family.Name.Replace("mapagent_process_", "", StringComparison.Ordinal).Replace("mapagent_", "", StringComparison.Ordinal))];

        Assert.Empty(keys.Except(documented).Except(families));
    }

    private static void Collect(Action<Utf8JsonWriter> write, SortedSet<string> keys)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        using JsonDocument json = JsonDocument.Parse(buffer.WrittenMemory);
        Collect(json.RootElement, keys);
    }

    private static void Collect(JsonElement element, SortedSet<string> keys)
    {
        // Keys of these are values of labels, names of files and the kernel's own names.
        string[] open = ["rollup", "kinds", "advice_bytes", "remote_bytes", "limits", "reads_total", "truncations_total", "mapped_file_pss_bytes"];
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in element.EnumerateArray())
            {
                Collect(one, keys);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                keys.Add(property.Name);
                bool isFamily = property.Value.ValueKind == JsonValueKind.Object && (property.Name.EndsWith("_bytes", StringComparison.Ordinal)
                    || property.Name is "unmeasured" or "fault_cause");
                if (!open.Contains(property.Name) && !isFamily)
                {
                    Collect(property.Value, keys);
                }
            }
        }
    }
}
