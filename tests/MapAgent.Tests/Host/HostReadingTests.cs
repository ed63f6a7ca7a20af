using System.Linq;
using MapAgent.Host;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Host;

public sealed class HostReadingTests
{
    private static readonly SystemFacts s_facts = new(4096, 100, 1_795_469_599);

    [Fact]
    public void A_captured_node_gives_bytes_and_seconds()
    {
        using ProcTree tree = new ProcTree().WithNode().With("pressure/memory", "some avg10=0.00 total=2500000\nfull avg10=0.00 total=1\n");
        using ProcReader reader = new(tree.Root);
        HostValues host = HostReading.Read(reader, s_facts);
        Assert.Equal(new HostValues
        {
            MajorFaults = 7293,
            MinorFaults = 19_022_624 - 7293,
            RefaultsAnon = 1,
            RefaultsFile = 934_664,
            SwapInBytes = 0,
            SwapOutBytes = 1039 * 4096,
            ShmemBytes = 13_308 * 1024,
            MemoryBytes = 24_684_084L * 1024,
            MemoryAvailableBytes = 24_257_640L * 1024,
            PressureSomeSeconds = 2.5,
            PressureFullSeconds = 0.000001,
        }, host);
    }

    [Fact]
    public void Files_that_are_not_there_give_nulls_and_are_counted()
    {
        using ProcTree tree = new();
        using ProcReader reader = new(tree.Root);
        Assert.Equal(new HostValues(), HostReading.Read(reader, s_facts));
        Assert.Equal([1, 1, 1], Counts(reader, ReadOutcome.Gone));
    }

    [Fact]
    public void Files_that_cannot_be_understood_give_nulls_and_not_the_half_that_could()
    {
        using ProcTree tree = new ProcTree()
            .With("vmstat", "pgfault 5\npgmajfault x\n")
            .With("meminfo", "MemTotal: 5 kB\nShmem: x kB\n")
            .With("pressure/memory", "some total=5\nfull total=x\n");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(new HostValues(), HostReading.Read(reader, s_facts));
        Assert.Equal([1, 1, 1], Counts(reader, ReadOutcome.Malformed));
    }

    [Fact]
    public void One_missing_counter_makes_only_what_needs_it_unknown()
    {
        using ProcTree tree = new ProcTree().With("vmstat", "pgfault 5\npswpin 2\n");
        using ProcReader reader = new(tree.Root);
        HostValues host = HostReading.Read(reader, s_facts);
        Assert.Null(host.MinorFaults);
        Assert.Null(host.MajorFaults);
        Assert.Null(host.SwapOutBytes);
        Assert.Equal(2 * 4096, host.SwapInBytes);
    }

    [Fact]
    public void More_major_faults_than_faults_never_make_the_minor_ones_negative()
    {
        using ProcTree tree = new ProcTree().With("vmstat", "pgfault 5\npgmajfault 7\n");
        using ProcReader reader = new(tree.Root);
        Assert.Equal(0, HostReading.Read(reader, s_facts).MinorFaults);
    }

    [Fact]
    public void Without_a_boot_time_no_start_time_is_known()
    {
        using ProcTree tree = new();
        using ProcReader reader = new(tree.Root);
        SystemFacts facts = SystemFacts.Read(reader);
        Assert.Null(facts.BootTime);
        Assert.Null(facts.StartTime(100));
        Assert.Equal(1_795_469_600.5, s_facts.StartTime(150));
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.HostStat, ReadOutcome.Gone));
    }

    private static long[] Counts(ProcReader reader, ReadOutcome outcome) =>
        [.. new[] { ProcFile.VmStat, ProcFile.MemInfo, ProcFile.Pressure }.Select(file => reader.Ledger.Reads(file, outcome))];
}
