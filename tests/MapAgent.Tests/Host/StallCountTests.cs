using System.IO;
using MapAgent.Host;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Host;

public sealed class StallCountTests
{
    private const string Text = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n";

    [Fact]
    public void A_file_that_is_no_kernel_file_is_not_written_to()
    {
        using ProcTree tree = new ProcTree().With("pressure/memory", Text);
        using ProcReader reader = new(tree.Root);
        using StallCount stalls = new(reader, "some");
        stalls.Start();
        Assert.Null(stalls.Count);
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.PressureTrigger, ReadOutcome.Gone));
        Assert.Equal(Text, File.ReadAllText(Path.Combine(tree.Path, "pressure/memory")));
    }

    [Fact]
    public void Where_the_kernel_lets_a_trigger_be_set_stalls_are_counted_from_the_start_on()
    {
        using ProcReader reader = new(new ProcRoot("/proc"));
        using StallCount stalls = new(reader, "full");
        Assert.Null(stalls.Count);
        stalls.Start();
        bool isSet = reader.Ledger.Reads(ProcFile.PressureTrigger, ReadOutcome.Ok) == 1;
        Assert.Equal(isSet, stalls.Count is >= 0);
    }

    [Fact]
    public void What_the_kernel_does_not_take_is_a_failure()
    {
        using ProcReader reader = new(new ProcRoot("/proc"));
        using StallCount stalls = new(reader, "nonsense");
        stalls.Start();
        Assert.Null(stalls.Count);
        Assert.Equal(0, reader.Ledger.Reads(ProcFile.PressureTrigger, ReadOutcome.Ok));
    }
}
