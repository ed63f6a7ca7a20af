using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class VmStatTests
{
    [Fact]
    public void A_captured_file_gives_the_counters()
    {
        Assert.Equal(ReadOutcome.Ok, VmStat.Parse(Fixture.Bytes("6.18", "node", "vmstat"), out VmStat vmstat));
        Assert.Equal((19_022_624L, 7293L), (vmstat.PageFaults, vmstat.MajorFaults));
        Assert.Equal((1L, 934_664L), (vmstat.RefaultsAnon, vmstat.RefaultsFile));
        Assert.Equal((0L, 1039L), (vmstat.SwapInPages, vmstat.SwapOutPages));
    }

    [Theory]
    [InlineData("crafted-4.14")]
    [InlineData("crafted-5.4")]
    public void The_one_refault_counter_of_old_kernels_is_the_files_and_anon_is_unknown(string kernel)
    {
        Assert.Equal(ReadOutcome.Ok, VmStat.Parse(Fixture.Bytes(kernel, "node", "vmstat"), out VmStat vmstat));
        Assert.Equal(4711, vmstat.RefaultsFile);
        Assert.Null(vmstat.RefaultsAnon);
    }

    [Fact]
    public void Lines_that_only_begin_like_known_ones_are_passed_over()
    {
        Assert.Equal(ReadOutcome.Ok, VmStat.Parse("pgfault_x 1\npgmajfaults 2\npgfault 3\nxpgmajfault 4\n"u8, out VmStat vmstat));
        Assert.Equal(3, vmstat.PageFaults);
        Assert.Null(vmstat.MajorFaults);
        Assert.Null(vmstat.SwapInPages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nr_free_pages 1\n")]
    [InlineData("pgfault 1")]
    [InlineData("pgfault \n")]
    [InlineData("pgfault x\n")]
    [InlineData("pgfault 1 \n")]
    [InlineData("pgfault -1\n")]
    [InlineData("pgfault 1\npswpin 9223372036854775808\n")]
    public void What_cannot_be_read_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, VmStat.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_choice_of_lines_is_read_as_the_slow_reference_reads_it()
    {
        string[] names = ["pgfault", "pgmajfault", "workingset_refault_anon", "workingset_refault_file", "pswpin", "pswpout", "nr_dirty"];
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Long[0, long.MaxValue]).Array[0, 10].Sample(lines =>
        {
            byte[] text = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"{names[line.Item1]} {line.Item2}\n")));
            Assert.Equal(SlowParser.VmStat(text), FastReading.VmStat(text));
        });
    }
}
