using System;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ProcFileTests
{
    [Fact]
    public void Every_file_has_a_label_of_its_own()
    {
        Assert.Equal(ProcFiles.Count, Enum.GetValues<ProcFile>().Length);
        string[] labels = [.. Enum.GetValues<ProcFile>().Select(static file => file.Label())];
        Assert.Equal(labels.Length, labels.Distinct().Count());
        Assert.All(labels, static label => Assert.Matches("^[a-z_]+$", label));
    }

    [Fact]
    public void Every_outcome_has_a_label_of_its_own()
    {
        string[] labels = [.. Enum.GetValues<ReadOutcome>().Select(static outcome => outcome.Label())];
        Assert.Equal(["ok", "gone", "denied", "no_address_space", "malformed", "failed"], labels);
        Assert.Equal(ReadOutcomes.Count, labels.Length);
    }

    [Theory]
    [InlineData("Stat", "stat")]
    [InlineData("Status", "status")]
    [InlineData("Statm", "statm")]
    [InlineData("SmapsRollup", "smaps_rollup")]
    [InlineData("Cmdline", "cmdline")]
    [InlineData("Cgroup", "cgroup")]
    [InlineData("Exe", "exe")]
    [InlineData("VmStat", "vmstat")]
    [InlineData("MemInfo", "meminfo")]
    [InlineData("Pressure", "pressure/memory")]
    [InlineData("HostStat", "stat")]
    [InlineData("Uptime", "uptime")]
    public void Every_file_has_the_kernels_name(string file, string name) =>
        Assert.Equal(name, Encoding.ASCII.GetString(Enum.Parse<ProcFile>(file).Name()));

    [Fact]
    public void The_root_has_no_name_below_itself() => Assert.Throws<ArgumentOutOfRangeException>(static () => ProcFile.Root.Name().Length);

    [Fact]
    public void Every_file_has_a_bound() =>
        Assert.All(Enum.GetValues<ProcFile>(), static file => Assert.InRange(file.Bound(), 64 * 1024, 8 * 1024 * 1024));
}
