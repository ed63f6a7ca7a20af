using System;
using System.IO;
using System.Linq;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Tests.Procfs;
using Xunit;

namespace MapAgent.Tests.Mappings;

/// <summary>Deep reads of processes of the machine that runs the tests.</summary>
public sealed class RealProcessTests
{
    [Fact]
    public void Kinds_of_a_stopped_process_add_up_to_what_the_kernel_says_of_the_whole()
    {
        using Child child = Child.Sleeping();
        Child.WaitForComm(child.Pid, "sleep");
        Child.WaitForHeap(child.Pid);
        child.Signal("STOP");
        Child.WaitForState(child.Pid, 'T');
        using ProcReader reader = new(ProcRoot.Default);
        Anatomy anatomy = new();
        Assert.Equal(ReadOutcome.Ok, Read(reader, child.Pid, anatomy, out long virtualBytes, out SmapsRollup rollup));
        KindBytes all = anatomy.Sums.All;
        Assert.Equal(rollup[RollupField.Rss], all.Rss);
        Assert.Equal(rollup[RollupField.Swap], all.Swap);
        Assert.Equal(rollup[RollupField.Anonymous], anatomy.Sums.Total[RollupField.Anonymous]);
        // Without [vsyscall], which the kernel lists and does not count.
        Assert.Equal(virtualBytes, all.Virtual);
        string[] maps = File.ReadAllLines($"/proc/{child.Pid}/maps");
        Assert.Equal(maps.Count(static line => !line.EndsWith("[vsyscall]")), anatomy.Mappings);
        // Each mapping is rounded down to a KiB by itself; and who shares pages with it comes and goes.
        Assert.InRange(all.Pss, 1, all.Rss);
        Assert.True(anatomy.Sums[MappingKind.Heap].Virtual > 0 && anatomy.Sums[MappingKind.Stack].Rss > 0 && anatomy.Sums[MappingKind.Special].Virtual > 0);
        Assert.Contains(anatomy.Files.ToArray(), static file => file.Path.EndsWith("/sleep") && !file.IsDeleted);
        Assert.Equal((0, null), (anatomy.DeletedFiles, anatomy.AddressSpaceLimit));
    }

    [Fact]
    public void The_test_process_itself_maps_code_that_dotnet_made()
    {
        using ProcReader reader = new(ProcRoot.Default);
        Anatomy anatomy = new();
        Assert.Equal(ReadOutcome.Ok, Read(reader, Environment.ProcessId, anatomy, out _, out _));
        Assert.True(anatomy.Sums[MappingKind.Jit].Rss > 0);
        Assert.True(anatomy.Sums[MappingKind.AnonPrivate].Rss > 0);
        Assert.Equal(0, anatomy.Sums[MappingKind.Memfd].Rss);
    }

    [Fact]
    public void Another_users_process_is_denied()
    {
        ReadOutcome outcome = Unprivileged.Call(static () =>
        {
            using ProcReader reader = new(ProcRoot.Default);
            return Read(reader, 1, new Anatomy(), out _, out _);
        });
        Assert.Equal(ReadOutcome.Denied, outcome);
    }

    [Fact]
    public void A_process_that_execs_all_the_time_is_read_whole_or_not_at_all()
    {
        using Child loop = Child.Start("sh", "-c", "exec sh -c \"$0\" \"$0\"", "exec sh -c \"$0\" \"$0\"");
        using ProcReader reader = new(ProcRoot.Default);
        Anatomy anatomy = new();
        int good = 0;
        for (int i = 0; i < 2_000; i++)
        {
            ReadOutcome outcome = Read(reader, loop.Pid, anatomy, out _, out _);
            Assert.Contains(outcome, (ReadOutcome[])[ReadOutcome.Ok, ReadOutcome.Gone, ReadOutcome.NoAddressSpace]);
            if (outcome == ReadOutcome.Ok)
            {
                good++;
                // A stack comes near the end: an early end would miss it.
                Assert.True(anatomy.Sums[MappingKind.Stack].Virtual > 0);
            }
        }

        Assert.True(good > 0);
    }

    private static ReadOutcome Read(ProcReader reader, int pid, Anatomy anatomy, out long virtualBytes, out SmapsRollup rollup)
    {
        virtualBytes = 0;
        rollup = default;
        Assert.Equal(ReadOutcome.Ok, reader.Open(pid, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(directory, out Stat stat));
            virtualBytes = (long)stat.VirtualBytes;
            ProcessId id = new(stat.Pid, stat.StartTicks);
            ReadOutcome outcome = new AnatomyReading(reader).Read(directory, id, anatomy);
            return outcome == ReadOutcome.Ok ? reader.ReadRollup(directory, id, out rollup) : outcome;
        }
    }
}
