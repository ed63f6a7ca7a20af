using System;
using System.Collections.Generic;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

/// <summary>Parsers that run for every process in every pass allocate nothing.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Stat_allocates_nothing() => AllocatesNothing("stat", static text => Stat.Parse(text, out _));

    [Fact]
    public void SmapsRollup_allocates_nothing() => AllocatesNothing("smaps_rollup", static text => SmapsRollup.Parse(text, out _));

    [Fact]
    public void Statm_allocates_nothing() => AllocatesNothing("statm", static text => Statm.Parse(text, out _));

    [Fact]
    public void Status_allocates_nothing() => AllocatesNothing("status", static text => Status.Parse(text, out _));

    [Fact]
    public void VmStat_allocates_nothing() => AllocatesNothing("vmstat", static text => VmStat.Parse(text, out _), "node");

    [Fact]
    public void MemInfo_allocates_nothing() => AllocatesNothing("meminfo", static text => MemInfo.Parse(text, out _), "node");

    [Fact]
    public void MapsLine_allocates_nothing() => AllocatesNothing("maps", EveryMapping, "sharing");

    [Fact]
    public void NamespaceLink_allocates_nothing() => Measure(static () => NamespaceLink.Parse("mnt:[4026531832]"u8, out _));

    [Fact]
    public void SysvShm_allocates_nothing_once_its_list_has_grown()
    {
        List<SysvSegment> segments = [];
        AllocatesNothing("sysvipc/shm", text => SysvShm.Parse(text, segments), "node");
    }

    [Fact]
    public void ProcessLimits_allocates_nothing() => AllocatesNothing("limits", static text => ProcessLimits.Parse(text, out _), "limited");

    [Fact]
    public void Smaps_allocates_nothing() => AllocatesNothing("smaps", static text =>
    {
        Smaps smaps = default;
        SmapsPiece piece = new(text, ref smaps);
        while (piece.Next(out _))
        {
        }

        return smaps.Judge(ReadOutcome.Ok);
    });

    [Fact]
    public void Reading_stat_and_rollup_of_a_process_allocates_nothing()
    {
        using ProcTree tree = new ProcTree().WithProcess(42);
        using ProcReader reader = new(tree.Root);
        Measure(() =>
        {
            _ = reader.Open(42, out ProcessDirectory directory);
            using (directory)
            {
                ReadOutcome seen = reader.ReadStat(directory, out Stat stat);
                return seen == ReadOutcome.Ok ? reader.ReadRollup(directory, new ProcessId(stat.Pid, stat.StartTicks), out _) : seen;
            }
        });
    }

    private static ReadOutcome EveryMapping(byte[] text)
    {
        ulong size = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!MapsLine.TryParse(line, out MapsLine mapping))
            {
                return ReadOutcome.Malformed;
            }

            size += mapping.Size;
        }

        return size > 0 ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }

    private static void AllocatesNothing(string file, Func<byte[], ReadOutcome> parse, string process = "everything")
    {
        byte[] text = Fixture.Bytes("6.18", process, file);
        Measure(() => parse(text));
    }

    private static void Measure(Func<ReadOutcome> read)
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ReadOutcome.Ok, read());
        }

        // The runtime may allocate once while it replaces code by better code; a parser that allocates does so every time.
        long least = long.MaxValue;
        bool ok = true;
        for (int round = 0; round < 3 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                ok &= read() == ReadOutcome.Ok;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.True(ok);
    }
}
