using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary><c>mapagent shm</c>.</summary>
public sealed class SharedMemoryCommandTests
{
    [Fact]
    public async Task Shm_tells_what_is_in_a_mount_who_uses_it_and_what_is_left()
    {
        using TemporaryFolder folder = new();
        string file = "--config.file=" + folder.Write("mapagent.yaml", "shm: {unreferenced_after: 1s}\n");
        await using ShmSpace space = await ShmSpace.StartAsync("size=1m", "write /dev/shm/psm_left 128", "map /dev/shm/torch_1 256", "hold /dev/shm/gone 128",
            "unlink /dev/shm/gone");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        (int code, string json, string errors) = await Agent.RunAsync("shm", "--format=json", file);
        Assert.Equal(0, code);
        Assert.Matches("^[0-9]+ mounts and [0-9]+ processes looked at in ", errors);
        JsonElement mount = ShmJson.Mount(json, space.Label);
        Assert.Equal(1 << 20, mount.GetProperty("size_bytes").GetInt64());
        Assert.Equal(1 << 19, mount.GetProperty("used_bytes").GetInt64());
        Assert.Equal(128 << 10, mount.GetProperty("unlinked_bytes").GetInt64());
        Assert.Equal(128 << 10, mount.GetProperty("unreferenced_bytes").GetInt64());
        Assert.Equal(["torch_1", "psm_left"], mount.GetProperty("largest").EnumerateArray().Select(static segment => segment.GetProperty("name").GetString()));
        Assert.Equal(["used", "unreferenced"], mount.GetProperty("largest").EnumerateArray().Select(static segment => segment.GetProperty("use").GetString()));

        (code, string table, _) = await Agent.RunAsync("shm", file);
        Assert.Equal(0, code);
        string[] lines = [.. table.Split('\n').SkipWhile(line => !line.StartsWith(space.Label, StringComparison.Ordinal)).TakeWhile(static line => line.Length > 0)];
        Assert.Contains("[##########----------] 50.0 %", lines[0], StringComparison.Ordinal);
        Assert.Contains("unlinked 128", lines[1], StringComparison.Ordinal);
        Assert.Contains("unreferenced 128", lines[1], StringComparison.Ordinal);
        string left = Assert.Single(lines, static line => line.EndsWith(" psm_left", StringComparison.Ordinal));
        Assert.Contains("root", left, StringComparison.Ordinal);
        Assert.Contains("unreferenced: in no maps, no fd", left, StringComparison.Ordinal);
        string used = Assert.Single(lines, static line => line.EndsWith(" torch_1", StringComparison.Ordinal));
        Assert.Contains($"pid {space.Pid} ", used, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_asks_gets_every_mount_however_many_there_are()
    {
        const int Count = 100;
        List<ShmSpace> spaces = [];
        try
        {
            for (int i = 0; i < Count; i++)
            {
                spaces.Add(await ShmSpace.StartAsync("size=1m", "write /dev/shm/file 4"));
            }

            (int code, string json, string errors) = await Agent.RunAsync("shm", "--format=json");
            Assert.True(code == 0, errors);
            using JsonDocument document = JsonDocument.Parse(json);
            HashSet<string> shown = [.. document.RootElement.GetProperty("mounts").EnumerateArray().Select(static mount => mount.GetProperty("mount").GetString()!)];
            Assert.Empty(spaces.Select(static space => space.Label).Except(shown));
        }
        finally
        {
            foreach (ShmSpace space in spaces)
            {
                await space.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task An_unknown_format_is_the_users_mistake()
    {
        (int code, string output, string errors) = await Agent.RunAsync("shm", "--format=nonsense");
        Assert.Equal((1, ""), (code, output));
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.Contains("nonsense", errors, StringComparison.Ordinal);
    }
}
