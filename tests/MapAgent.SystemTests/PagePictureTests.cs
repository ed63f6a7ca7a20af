using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Microsoft.Playwright;
using Xunit;

namespace MapAgent.SystemTests;

/// <summary>The pictures of the page in the documents. UPDATE_GOLDEN=1 takes them anew, of processes made for it; otherwise they need only be there.</summary>
public sealed class PagePictureTests
{
    private const int MostBytes = 200_000;

    private static readonly (string Comm, int Count, int Kib)[] s_processes =
    [
        ("postgres", 9, 40_000), ("java", 2, 420_000), ("prometheus", 1, 310_000), ("redis-server", 1, 230_000), ("node", 3, 90_000), ("nginx", 5, 18_000), ("kubelet", 1, 85_000),
        ("containerd", 1, 61_000), ("systemd-journal", 1, 30_000), ("sshd", 2, 4000), ("rsyslogd", 1, 5000), ("cron", 1, 1000),
    ];

    public static TheoryData<int, bool> Pictures => new() { { 1280, false }, { 1280, true }, { 390, false }, { 390, true } };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task The_documents_have_a_picture_of_every_width_and_theme(int width, bool isDark)
    {
        string file = Path.Combine(Repository.Root, "docs", "images", $"page-{(isDark ? "dark" : "light")}-{width}.png");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await TakeAsync(file, width, isDark);
        }

        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Assert.InRange(bytes.Length, 10_000, MostBytes);
        // The header of a PNG: signature, length, IHDR, width.
        Assert.Equal("\u0089PNG\r\n\u001a\n", Encoding.Latin1.GetString(bytes, 0, 8));
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)));
    }

    private static async Task TakeAsync(string file, int width, bool isDark)
    {
        List<IAsyncDisposable> started = [];
        using TemporaryFolder folder = new();
        try
        {
            string table = folder.Write("table.dat", new string('x', 20_000_000));
            foreach ((string comm, int count, int kib) in s_processes)
            {
                string[] commands = [$"private {kib}", .. comm == "postgres" ? new[] { $"file {table} 19000" } : []];
                for (int i = 0; i < count; i++)
                {
                    started.Add(await Victim.StartAsync(comm, commands));
                }
            }

            started.Add(await Victim.StartAsync(await NativePrograms.PathAsync("shmuser"), [],
                ["unshare 65536", "map /dev/shm/torch_7781_1 30000", "write /dev/shm/torch_7781_2 22000", "map /dev/shm/psm_1 6000", "unlink /dev/shm/psm_1"]));
            await using Agent agent = await Agent.StartAsync(configuration: $$$"""
                process_names: [{name: "{{.Comm}}", cmdline: ['^{{{await NativePrograms.PathAsync("victim")}}}$']}]
                children: false
                sampling: {interval: 1s, max_read: 5s, cpu_budget: 50%}
                shm: {unreferenced_after: 5s}
                """);
            await using Browser browser = await Browser.StartAsync();
            await using Tab tab = await browser.OpenAsync(agent, width, isDark);
            await tab.Page.EvaluateAsync("document.querySelector('h1 span').textContent = 'node-1'");
            await tab.Page.Locator(".warn", new PageLocatorOptions { HasText = "unreferenced" }).First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
            await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, Clip = new Clip { X = 0, Y = 0, Width = width, Height = width < 500 ? 1500 : 1180 }, FullPage = true });
        }
        finally
        {
            foreach (IAsyncDisposable one in started.AsEnumerable().Reverse())
            {
                await one.DisposeAsync();
            }
        }
    }
}
