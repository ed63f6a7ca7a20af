using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class ReadLedgerTests
{
    [Fact]
    public void Reads_are_counted_by_file_and_outcome_and_the_outcome_is_handed_on()
    {
        ReadLedger ledger = new();
        Assert.Equal(ReadOutcome.Gone, ledger.Record(ProcFile.Stat, ReadOutcome.Gone));
        ledger.Record(ProcFile.Stat, ReadOutcome.Gone);
        ledger.Record(ProcFile.Root, ReadOutcome.Failed);
        Assert.Equal(2, ledger.Reads(ProcFile.Stat, ReadOutcome.Gone));
        Assert.Equal(1, ledger.Reads(ProcFile.Root, ReadOutcome.Failed));
        Assert.Equal(0, ledger.Reads(ProcFile.Stat, ReadOutcome.Denied));
        Assert.Equal(0, ledger.Reads(ProcFile.Status, ReadOutcome.Ok));
    }

    [Fact]
    public void A_copy_keeps_its_numbers()
    {
        ReadLedger ledger = new();
        ledger.RecordCut(ProcFile.Cmdline);
        ledger.RecordCut(ProcFile.VmStat);
        ReadLedger copy = ledger.Copy();
        ledger.RecordCut(ProcFile.Cmdline);
        ledger.Record(ProcFile.Stat, ReadOutcome.Ok);
        Assert.Equal((1, 2), (copy.Cut(ProcFile.Cmdline), copy.CutTotal));
        Assert.Equal((2, 3), (ledger.Cut(ProcFile.Cmdline), ledger.CutTotal));
        Assert.Equal(0, copy.Reads(ProcFile.Stat, ReadOutcome.Ok));
    }
}
