using System;
using MapAgent.Mappings;
using MapAgent.Procfs;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Mappings;

public sealed class InspectionReadingTests : IDisposable
{
    private readonly MappedProcess _process = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly InspectionReading _reading;

    public InspectionReadingTests()
    {
        _process.Tree.WithNode().With("sys/vm/max_map_count", "65530\n").With(MappedProcess.Pid, "limits", Fixture.Bytes("6.18", "limited", "limits"))
            .With(MappedProcess.Pid, "smaps", new SmapsText().Add("[heap]", rss: 1300).ToBytes());
        _reading = new InspectionReading(_process.Reader, new SystemFacts(4096, 100, 1_700_000_000), _clock);
    }

    public void Dispose()
    {
        _reading.Dispose();
        _process.Dispose();
    }

    [Fact]
    public void All_of_a_process_is_read()
    {
        Assert.Equal(ReadOutcome.Ok, _reading.Read(MappedProcess.Pid, out Inspection? inspection));
        Assert.NotNull(inspection);
        Assert.Equal(("worker", 1000u, 65530), (inspection.Comm, inspection.Uid, inspection.MappingsLimit));
        Assert.Equal(["/usr/bin/worker"], inspection.Cmdline);
        Assert.Equal(1_700_000_012.34, inspection.StartTime!.Value, 0.001);
        Assert.Equal(1300 * 1024, inspection.Anatomy!.Sums[MappingKind.Heap].Rss);
        Assert.Equal(inspection.Rollup!.Value[RollupField.Rss], inspection.Anatomy.Sums.All.Rss);
        Assert.Equal(64 * 1024, inspection.Limits!.Value.Locked);
        Assert.Equal((2, 105), (inspection.MajorFaults, inspection.MinorFaults));
        Assert.NotNull(inspection.RollupCost);
        Assert.NotNull(inspection.AnatomyCost);
        Assert.Null(inspection.Faults);
    }

    [Fact]
    public void Faults_of_the_last_moments_are_those_between_two_looks()
    {
        _reading.Read(MappedProcess.Pid, out Inspection? inspection);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _process.Tree.With(MappedProcess.Pid, "stat", new StatLine { MajorFaults = "12", MinorFaults = "205" }.ToBytes());
        FaultSpan faults = _reading.WithFaults(inspection!).Faults!.Value;
        Assert.Equal(new FaultSpan(2, 10, 100), faults);
        Assert.Equal((5, 50), (faults.MajorPerSecond, faults.MinorPerSecond));
    }

    [Fact]
    public void Faults_of_another_process_or_of_none_are_not_told()
    {
        _reading.Read(MappedProcess.Pid, out Inspection? inspection);
        Assert.Null(_reading.WithFaults(inspection!).Faults);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _process.Tree.With(MappedProcess.Pid, "stat", new StatLine { StartTicks = 99 }.ToBytes());
        Assert.Null(_reading.WithFaults(inspection!).Faults);
        _process.Tree.Remove(MappedProcess.Pid);
        Assert.Null(_reading.WithFaults(inspection!).Faults);
    }

    [Fact]
    public void Without_memory_it_is_still_told_who_it_is()
    {
        _process.Tree.With(MappedProcess.Pid, "stat", new StatLine { Comm = "kthreadd", Flags = "2129984" }.ToBytes());
        Assert.Equal(ReadOutcome.NoAddressSpace, _reading.Read(MappedProcess.Pid, out Inspection? inspection));
        Assert.Equal(("kthreadd", true), (inspection!.Comm, inspection.IsKernelThread));
        Assert.Null(inspection.Anatomy);
        using InspectionReading other = new(_process.Reader, new SystemFacts(4096, 100, null), _clock);
        Assert.Equal(ReadOutcome.Gone, other.Read(43, out inspection));
        Assert.Null(inspection);
    }

    [Fact]
    public void What_cannot_be_read_beside_the_memory_is_unknown()
    {
        _process.Tree.With("sys/vm/max_map_count", "many\n").With(MappedProcess.Pid, "limits", "").With(MappedProcess.Pid, "status", "").With("uptime", "x");
        Assert.Equal(ReadOutcome.Ok, _reading.Read(MappedProcess.Pid, out Inspection? inspection));
        Assert.Equal((null, null, null, null), (inspection!.MappingsLimit, inspection.Limits, inspection.Uid, inspection.FaultsSinceStart));
    }
}
