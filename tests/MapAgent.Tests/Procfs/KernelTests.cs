using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

/// <summary>The reader against the /proc of the machine that runs the tests.</summary>
public sealed class KernelTests
{
    [Fact]
    public void The_list_of_pids_is_ascending_and_has_the_reader_itself()
    {
        using ProcReader reader = new(ProcRoot.Default);
        PidList pids = new();
        Assert.Equal(ReadOutcome.Ok, reader.List(pids));
        int[] listed = pids.Pids.ToArray();
        Assert.Equal(listed.Order(), listed);
        Assert.Contains(Environment.ProcessId, listed);
    }

    [Fact]
    public void Listing_gives_the_inode_number_that_the_directory_itself_has()
    {
        using ProcReader reader = new(ProcRoot.Default);
        PidList pids = new();
        Assert.Equal(ReadOutcome.Ok, reader.List(pids));
        ulong listed = pids.Inodes[pids.Pids.IndexOf(Environment.ProcessId)];
        Assert.Equal(ReadOutcome.Ok, reader.Open(Environment.ProcessId, out ProcessDirectory self));
        using (self)
        {
            Assert.Equal(InodeNumber.Of(self), listed);
        }
    }

    [Fact]
    public void The_test_process_itself_is_read_as_dotnet_sees_it()
    {
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, reader.OpenSelf(out ProcessDirectory self));
        using (self)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(self, out Stat stat));
            Assert.Equal(Environment.ProcessId, stat.Pid);
            Assert.True(stat.HasAddressSpace);
            Assert.Equal(ReadOutcome.Ok, reader.ReadCmdline(self, out string[] arguments));
            Assert.Equal(File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0'), arguments);
            Assert.Equal(ReadOutcome.Ok, reader.ReadExe(self, out string? exe));
            Assert.Equal(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: false)!.FullName, exe);
            Assert.Equal(ReadOutcome.Ok, reader.ReadCgroup(self, out string[] paths));
            Assert.Equal(File.ReadAllLines("/proc/self/cgroup").Select(static line => line.Split(':', 3)[2]), paths);
            Assert.Equal(ReadOutcome.Ok, reader.ReadStatus(self, out Status status));
            Assert.NotNull(status.EffectiveCapabilities);
            Assert.Equal(ReadOutcome.Ok, reader.ReadStatm(self, out Statm statm));
            Assert.InRange(statm.ResidentPages, 1UL, statm.SizePages);
        }
    }

    [Fact]
    public void The_files_of_the_node_are_understood()
    {
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.VmStat, out ReadOnlySpan<byte> text));
        Assert.Equal(ReadOutcome.Ok, VmStat.Parse(text, out VmStat vmstat));
        Assert.True(vmstat.PageFaults >= vmstat.MajorFaults);
        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.MemInfo, out text));
        Assert.Equal(ReadOutcome.Ok, MemInfo.Parse(text, out MemInfo meminfo));
        Assert.InRange(meminfo.MemAvailable!.Value, 0, meminfo.MemTotal!.Value);
        Assert.Equal(ReadOutcome.Ok, reader.Read(ProcFile.Uptime, out text));
        Assert.Equal(ReadOutcome.Ok, Uptime.Parse(text, out double seconds));
        SystemFacts facts = SystemFacts.Read(reader);
        Assert.Equal(Environment.SystemPageSize, facts.PageSize);
        double boot = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0 - seconds;
        Assert.Equal(boot, facts.BootTime!.Value, 5.0);
    }

    [Fact]
    public void The_rollup_of_a_stopped_child_is_the_sum_over_its_smaps()
    {
        using Child child = Child.Sleeping();
        Child.WaitForComm(child.Pid, "sleep");
        child.Signal("STOP");
        Child.WaitForState(child.Pid, 'T');
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, Rollup(reader, child.Pid, out SmapsRollup rollup));
        Dictionary<string, long> sums = SmapsSum.Of(File.ReadAllText($"/proc/{child.Pid}/smaps"), out int mappings);
        Assert.True(mappings > 5);
        // What others map too may change hands between the two reads; these do not.
        RollupField[] own = [RollupField.Rss, RollupField.Anonymous, RollupField.LazyFree, RollupField.Swap, RollupField.PrivateHugetlb];
        Assert.All(own, field => Assert.Equal(sums[field.ToString()], rollup[field]));

        Assert.InRange(rollup[RollupField.Pss]!.Value, rollup.Uss!.Value, rollup[RollupField.Rss]!.Value);
        Assert.Equal(rollup[RollupField.Rss], rollup.Uss + rollup[RollupField.SharedClean] + rollup[RollupField.SharedDirty]);
    }

    [Fact]
    public unsafe void Sixty_four_mebibytes_that_are_touched_appear_in_the_rollup()
    {
        const int size = 64 * 1024 * 1024;
        using ProcReader reader = new(ProcRoot.Default);
        void* memory = NativeMemory.Alloc(size);
        try
        {
            Assert.Equal(ReadOutcome.Ok, Rollup(reader, Environment.ProcessId, out SmapsRollup before));
            NativeMemory.Fill(memory, size, 1);
            Assert.Equal(ReadOutcome.Ok, Rollup(reader, Environment.ProcessId, out SmapsRollup after));
            // Other tests of the same process allocate and free meanwhile.
            Assert.InRange((after[RollupField.PrivateDirty] - before[RollupField.PrivateDirty])!.Value, size / 2, long.MaxValue);
            Assert.InRange((after[RollupField.Pss] - before[RollupField.Pss])!.Value, size / 2, long.MaxValue);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    [Fact]
    public void A_zombie_has_a_stat_and_no_address_space()
    {
        using Child parent = Child.Start("sh", "-c", "sleep 0.2 & echo $!; exec sleep 1000");
        int zombie = int.Parse(parent.Hear());
        Child.WaitForState(zombie, 'Z');
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.NoAddressSpace, Rollup(reader, zombie, out _));
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.SmapsRollup, ReadOutcome.NoAddressSpace));
        Assert.Equal(ReadOutcome.Ok, reader.Open(zombie, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadCmdline(directory, out string[] arguments));
            Assert.Empty(arguments);
            Assert.Equal(ReadOutcome.Gone, reader.ReadExe(directory, out _));
        }
    }

    [Fact]
    public void Through_a_directory_opened_before_its_end_a_process_is_gone()
    {
        using Child child = Child.Sleeping();
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, reader.Open(child.Pid, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(directory, out Stat stat));
            ProcessId id = new(stat.Pid, stat.StartTicks);
            child.Kill();
            Assert.Equal(ReadOutcome.Gone, reader.ReadStat(directory, out _));
            Assert.Equal(ReadOutcome.Gone, reader.ReadStatus(directory, out _));
            Assert.Equal(ReadOutcome.Gone, reader.ReadCmdline(directory, out _));
            Assert.Equal(ReadOutcome.Gone, reader.ReadExe(directory, out _));
            Assert.Equal(ReadOutcome.Gone, reader.ReadRollup(directory, id, out _));
            Assert.Null(reader.CountDescriptors(directory));
        }
    }

    [Fact]
    public void An_exec_does_not_make_a_process_gone()
    {
        using Child child = Child.Start("sh", "-c", "echo ready; read line; exec sleep 1000");
        Assert.Equal("ready", child.Hear());
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, reader.Open(child.Pid, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(directory, out Stat stat));
            ProcessId id = new(stat.Pid, stat.StartTicks);
            child.Tell("go");
            Child.WaitForComm(child.Pid, "sleep");
            Assert.Equal(ReadOutcome.Ok, reader.ReadRollup(directory, id, out SmapsRollup rollup));
            Assert.InRange(rollup[RollupField.Rss]!.Value, 1, long.MaxValue);
        }
    }

    [Fact]
    public void A_name_made_to_deceive_comes_back_as_it_is()
    {
        using Child child = Child.Start("sh", "-c", "printf 'a)( ) b (() (' > /proc/$$/comm; echo ready; read line");
        Assert.Equal("ready", child.Hear());
        using ProcReader reader = new(ProcRoot.Default);
        Assert.Equal(ReadOutcome.Ok, reader.ReadStat(child.Pid, out Stat stat));
        Assert.Equal("a)( ) b (() (", Encoding.UTF8.GetString(stat.Comm));
        Assert.Equal(Environment.ProcessId, stat.ParentPid);
    }

    private static ReadOutcome Rollup(ProcReader reader, int pid, out SmapsRollup rollup)
    {
        Assert.Equal(ReadOutcome.Ok, reader.Open(pid, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, reader.ReadStat(directory, out Stat stat));
            return reader.ReadRollup(directory, new ProcessId(stat.Pid, stat.StartTicks), out rollup);
        }
    }
}
