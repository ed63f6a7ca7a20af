using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>The real process-exporter, whose configuration files MapAgent takes over.</summary>
internal static class ProcessExporter
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Starts it, scrapes it once, ends it.</summary>
    /// <returns>The groups that have processes, and how many.</returns>
    public static async Task<SortedDictionary<string, double>> GroupsAsync(string configurationFile, bool children)
    {
        int port = Ports.Free();
        await using ChildProcess process = ChildProcess.Start("prometheus-process-exporter",
        [
            "-config.path", configurationFile, "-web.listen-address", $"127.0.0.1:{port}", "-threads=false", children ? "-children=true" : "-children=false",
            "-gather-smaps=false",
        ]);
        Uri uri = new($"http://127.0.0.1:{port}/metrics");
        byte[] page = await Wait.ForAsync("process-exporter", TimeSpan.FromSeconds(20), async () =>
        {
            Assert.False(process.HasExited, process.Errors);
            try
            {
                return await s_client.GetByteArrayAsync(uri);
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });
        return Groups(ExpositionParser.Parse(page), "namedprocess_namegroup_num_procs", "groupname");
    }

    /// <summary>Reads the sizes of groups from a page.</summary>
    public static SortedDictionary<string, double> Groups(Exposition page, string family, string label) => new(
        page.Find(family).Where(static sample => sample.Value > 0).ToDictionary(sample => sample[label]!, static sample => sample.Value),
        StringComparer.Ordinal);
}
