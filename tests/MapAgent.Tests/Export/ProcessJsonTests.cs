using System.IO;
using System.Linq;
using System.Text.Json;
using MapAgent.Export;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Tests.Mappings;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class ProcessJsonTests
{
    [Fact]
    public void A_process_is_told_whole()
    {
        JsonElement root = Write(Inspected.Hostile());
        Assert.Equal(42, root.GetProperty("pid").GetInt32());
        Assert.Equal("a\u001b]0;title\u0007", root.GetProperty("comm").GetString());
        Assert.Equal("two\nlines", root.GetProperty("cmdline")[1].GetString());
        Assert.Equal(836 * 1024, root.GetProperty("rollup").GetProperty("pss_bytes").GetInt64());
        Assert.Equal(512 * 1024, root.GetProperty("kinds").GetProperty("heap").GetProperty("pss_bytes").GetInt64());
        Assert.Equal(["heap", "stack", "file_private"], root.GetProperty("kinds").EnumerateObject().Select(static kind => kind.Name));
        Assert.Equal(64 * 1024, root.GetProperty("advice_bytes").GetProperty("hugepage").GetInt64());
        Assert.Equal(64 * 1024, root.GetProperty("remote_bytes").GetProperty("nfs4").GetInt64());
        JsonElement[] files = [.. root.GetProperty("files").EnumerateArray()];
        Assert.Equal(["/home/big", "/lib/\u001b[31mred.so"], files.Select(static file => file.GetProperty("file").GetString()!));
        Assert.Equal(16 * 1024, files[0].GetProperty("dirty_bytes").GetInt64());
        Assert.True(files[1].GetProperty("deleted").GetBoolean());
        Assert.False(files[0].TryGetProperty("deleted", out _));
        Assert.Equal((1, 1), (root.GetProperty("deleted_files").GetInt32(), root.GetProperty("deleted_programs").GetInt32()));
        Assert.Equal((4, 65530), (root.GetProperty("mappings").GetInt32(), root.GetProperty("mappings_limit").GetInt32()));
        Assert.InRange(root.GetProperty("address_space_used_ratio").GetDouble(), 0.00001, 1);
        Assert.Equal("unlimited", root.GetProperty("limits").GetProperty("data_bytes").GetString());
        Assert.Equal(65536, root.GetProperty("limits").GetProperty("locked_bytes").GetInt64());
        Assert.Equal(8, root.GetProperty("faults").GetProperty("major_per_second").GetDouble());
        Assert.Equal(0.002, root.GetProperty("smaps_read").GetProperty("cpu_seconds").GetDouble());
    }

    [Fact]
    public void What_is_not_known_has_no_key()
    {
        JsonElement root = Write(new Inspection { Id = new ProcessId(42, 1), Comm = "x", PageSize = 4096 });
        Assert.Equal(["pid", "comm", "cmdline", "major_faults_total", "minor_faults_total"], root.EnumerateObject().Select(static key => key.Name));
    }

    [Fact]
    public void What_the_page_cache_holds_stands_with_its_file_and_a_read_that_was_left_out_is_said()
    {
        Inspection process = Inspected.Hostile();
        JsonElement root = Write(process with { Caches = [new CacheStat(10, 1, 0, 7, 3, 81920), null], IsCutShort = true });
        JsonElement[] files = [.. root.GetProperty("files").EnumerateArray()];
        Assert.Equal((81920, 40960, 3 * 4096), (files[0].GetProperty("size_bytes").GetInt32(), files[0].GetProperty("cached_bytes").GetInt32(), files[0].GetProperty("recently_evicted_bytes").GetInt32()));
        Assert.False(files[1].TryGetProperty("cached_bytes", out _));
        Assert.Contains("max_read", root.GetProperty("left_out").GetString(), System.StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_of_the_rollup_has_a_key_of_its_own()
    {
        SmapsRollup.Parse(Fixture.Bytes("6.18", "everything", "smaps_rollup"), out SmapsRollup rollup);
        JsonElement root = Write(new Inspection { Id = new ProcessId(42, 1), Comm = "x", PageSize = 4096, Rollup = rollup });
        Assert.Equal(SmapsRollup.FieldCount + 1, root.GetProperty("rollup").EnumerateObject().Select(static key => key.Name).Distinct().Count());
        Assert.Equal(rollup[RollupField.PrivateHugetlb], root.GetProperty("rollup").GetProperty("hugetlb_private_bytes").GetInt64());
        Assert.Equal(rollup[RollupField.Locked], root.GetProperty("rollup").GetProperty("locked_bytes").GetInt64());
    }

    private static JsonElement Write(Inspection process)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            ProcessJson.Write(writer, process);
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
