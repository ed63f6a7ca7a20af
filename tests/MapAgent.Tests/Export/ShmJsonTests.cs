using System.IO;
using System.Text.Json;
using MapAgent.Commands;
using MapAgent.Export;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Shm;
using Xunit;

namespace MapAgent.Tests.Export;

public sealed class ShmJsonTests
{
    [Fact]
    public void A_mount_has_its_numbers_families_and_segments()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42);
        using Page page = new(tree);
        JsonElement mount = Render(page, page.MeasureFull()).GetProperty("mounts")[0];
        Assert.Equal("/dev/shm", mount.GetProperty("mount").GetString());
        Assert.Equal("0:57", mount.GetProperty("device").GetString());
        Assert.Equal("web-0", mount.GetProperty("pod").GetString());
        Assert.Equal(16_384, mount.GetProperty("used_peak_bytes").GetInt64());
        Assert.Equal(8192, mount.GetProperty("families")[0].GetProperty("bytes").GetInt64());
        JsonElement segment = mount.GetProperty("largest")[0];
        Assert.Equal(("used", "0600", 43), (segment.GetProperty("use").GetString(), segment.GetProperty("mode").GetString(), segment.GetProperty("users")[1].GetInt32()));
        Assert.Equal("unreferenced", mount.GetProperty("largest")[1].GetProperty("use").GetString());
    }

    [Fact]
    public void What_is_unknown_has_no_key()
    {
        using ProcTree tree = new ProcTree().WithNode();
        using Page page = new(tree);
        JsonElement root = Render(page, page.Measure() with { Shm = new ShmValues { Mounts = [new ShmMountValues { Mount = "m" }] } });
        Assert.False(root.TryGetProperty("sysv", out _));
        Assert.False(root.TryGetProperty("unaccounted_bytes", out _));
        foreach (string key in new[] { "size_bytes", "used_bytes", "segments", "unlinked_bytes", "unreferenced_bytes", "pod" })
        {
            Assert.False(root.GetProperty("mounts")[0].TryGetProperty(key, out _), key);
        }
    }

    [Fact]
    public void The_table_shows_fill_families_users_and_what_is_left_behind()
    {
        using ProcTree tree = new ProcTree().WithNode();
        using Page page = new(tree);
        string text = ShmText.Render(page.MeasureFull(), new UserNames(null, page.Clock), Ink.None);
        Assert.Contains("/dev/shm (prod/web-0/web)  12.0 KiB of 64.0 MiB [#-------------------] 0.0 %\n", text);
        Assert.Contains("unlinked 4.0 KiB; unreferenced 4.0 KiB in 1 segment\n", text);
        Assert.Contains("pid 42 43", text);
        Assert.Contains("unreferenced: in no maps, no fd  worker_2\n", text);
        Assert.Contains("System V: 8.0 KiB in 2 segments, 4.0 KiB attached by nobody\n", text);
        Assert.Contains("1.0 MiB of it in no tmpfs", text);
    }

    [Fact]
    public void The_table_says_what_it_does_not_know_and_obeys_no_escape_sequence()
    {
        using ProcTree tree = new ProcTree().WithNode();
        using Page page = new(tree);
        Snapshot snapshot = page.Measure() with { Shm = new ShmValues { Mounts = [new ShmMountValues { Mount = "/dev/shm\u001b[31m" }] } };
        string text = ShmText.Render(snapshot, new UserNames(null, page.Clock), Ink.None);
        Assert.Contains("/dev/shm?[31m  without limit\n", text);
        Assert.Contains("segments not all listed; unlinked unknown; unreferenced unknown\n", text);
        Assert.Contains("not all of it could be looked into", text);
    }

    private static JsonElement Render(Page page, Snapshot snapshot)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body))
        {
            ShmJson.Write(writer, page.ViewOf(snapshot));
        }

        using JsonDocument document = JsonDocument.Parse(body.ToArray());
        return document.RootElement.Clone();
    }
}
