using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MapAgent.SystemTests.Harness;
using Xunit;

namespace MapAgent.SystemTests.Installation;

/// <summary>The unit file and its profiles, judged by systemd's own tools and on a running systemd.</summary>
[Collection(OneMachine.Name)]
public sealed class UnitTests(InstalledService service)
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "systemd");

    private Machine Machine => service.Machine;

    [Fact]
    public async Task Systemd_understands_every_line()
    {
        // Without the option a key that nobody knows is no error.
        (int code, string output, string errors) = await Machine.TryAsync(
            "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "/lib/systemd/system/mapagent.service");
        Assert.Equal((0, ""), (code, output + errors));
    }

    [Fact]
    public async Task Systemd_is_told_of_a_line_that_it_does_not_understand()
    {
        string unit = await File.ReadAllTextAsync(Path.Combine(s_folder, "mapagent.service"), TestContext.Current.CancellationToken);
        Machine.Write("/root/planted.service", unit.Replace("ProtectClock=", "ProtectClocks=", StringComparison.Ordinal));
        (int code, _, string errors) = await Machine.TryAsync("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "/root/planted.service");
        Assert.Equal(1, code);
        Assert.Contains("ProtectClocks", errors, StringComparison.Ordinal);
    }

    /// <summary>Its score, the smaller the better, and which families each set of rights loses; docs/systemd.md says the same.</summary>
    [Theory]
    [InlineData("", 2.0, "")]
    [InlineData("loopback-only.conf", 1.8, "")]
    [InlineData("sys-ptrace-only.conf", 1.8, "mapagent_shm_unreferenced_bytes mapagent_shm_unreferenced_segments")]
    [InlineData("perfmon-only.conf", 1.5, "mapagent_host_shmem_unaccounted_bytes mapagent_shm_unreferenced_bytes mapagent_shm_unreferenced_segments")]
    public async Task Each_profile_keeps_to_its_score_and_loses_what_is_documented(string profile, double score, string lost)
    {
        string dropIn = profile.Length > 0 ? await File.ReadAllTextAsync(Path.Combine(s_folder, profile), TestContext.Current.CancellationToken) : "";
        await service.ConfigureAsync(dropIn + "\n[Service]\nEnvironment=MAPAGENT_SAMPLING_INTERVAL=500ms\n");
        try
        {
            string verdict = await Machine.RunAsync("systemd-analyze", "security", "--no-pager", $"--threshold={score * 10:F0}", "mapagent.service");
            Assert.InRange(Score(verdict), 0.1, score);

            await service.ActiveAsync();
            string[] missing = lost.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Some families are there only after a round over all processes; after some passes nothing more comes.
            Exposition page = await service.ScrapeUntilAsync("ten passes", page => page.Value("mapagent_reads_total", ("file", "uptime"), ("outcome", "ok")) >= 10
                && (missing.Length > 0 || page.Find("mapagent_shm_unreferenced_bytes").Length > 0));
            string root = await Machine.RunAsync("mapagent", "once", "--format=prometheus");
            IEnumerable<string> ofRoot = ExpositionParser.Parse(Encoding.UTF8.GetBytes(root + "\n")).Samples.Select(static sample => sample.Name)
                .Append("mapagent_shm_unreferenced_bytes").Append("mapagent_shm_unreferenced_segments").Append("mapagent_host_shmem_unaccounted_bytes");
            Assert.Equal(missing, ofRoot.Except(page.Samples.Select(static sample => sample.Name)).Distinct().Order(StringComparer.Ordinal));

            // Nothing is invented: who cannot be read is counted, and here everybody can.
            Assert.Equal(page.Sum("mapagent_processes"), page.Sum("mapagent_process_measured") + page.Sum("mapagent_process_unmeasured"));
            string documented = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "systemd.md"), TestContext.Current.CancellationToken);
            Assert.All(missing, family => Assert.Contains($"`{family}`", documented, StringComparison.Ordinal));
            Assert.True(profile.Length == 0 || documented.Contains($"deploy/systemd/{profile}", StringComparison.Ordinal));
        }
        finally
        {
            await service.RestoreAsync();
        }
    }

    [Fact]
    public async Task The_score_of_the_file_alone_is_kept_too()
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync(
            "systemd-analyze", ["security", "--no-pager", "--offline=yes", "--threshold=20", Path.Combine(s_folder, "mapagent.service")]);
        Assert.True(code == 0, output + errors);
        Figures.Report(string.Create(CultureInfo.InvariantCulture, $"systemd-analyze security: {Score(output):F1}"));
    }

    private static double Score(string verdict) =>
        double.Parse(Regex.Match(verdict, @"exposure level for \S+: ([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
}
