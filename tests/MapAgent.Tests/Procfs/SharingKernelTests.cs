using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

/// <summary>The parsers of what processes share against the /proc of the machine that runs the tests.</summary>
public sealed class SharingKernelTests
{
    [Fact]
    public void The_mounts_of_the_test_process_are_those_the_slow_reference_reads()
    {
        byte[] text = File.ReadAllBytes("/proc/self/mountinfo");
        IReadOnlyDictionary<string, string>? values = FastSharing.MountInfo(text);
        Assert.NotNull(values);
        Assert.Equal(SlowSharing.MountInfo(text), values);
    }

    [Fact]
    public void The_mount_at_proc_is_a_procfs()
    {
        List<MountEntry> mounts = [];
        Assert.Equal(ReadOutcome.Ok, MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"), mounts));
        Assert.Equal("proc", mounts.Last(static mount => mount.IsAt("/proc"u8)).Type);
        Assert.Equal(mounts.Count, mounts.Select(static mount => mount.Id).Distinct().Count());
    }

    [Fact]
    public void The_mappings_of_the_test_process_are_those_the_slow_reference_reads()
    {
        byte[] text = File.ReadAllBytes("/proc/self/maps");
        IReadOnlyDictionary<string, string>? values = FastSharing.Maps(text);
        Assert.NotNull(values);
        Assert.Equal(SlowSharing.Maps(text), values);
    }

    [Fact]
    public void The_mappings_of_a_stopped_child_are_all_its_address_space()
    {
        using Child child = Child.Sleeping();
        Child.WaitForComm(child.Pid, "sleep");
        child.Signal("STOP");
        Child.WaitForState(child.Pid, 'T');
        Assert.Equal(ReadOutcome.Ok, Statm.Parse(File.ReadAllBytes($"/proc/{child.Pid}/statm"), out Statm statm));
        ulong size = 0;
        ulong end = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(File.ReadAllBytes($"/proc/{child.Pid}/maps")))
        {
            Assert.True(MapsLine.TryParse(line, out MapsLine mapping));
            Assert.InRange(mapping.Start, end, mapping.End);
            end = mapping.End;

            // A page of the kernel's own that every process sees.
            size += mapping.Path.SequenceEqual("[vsyscall]"u8) ? 0 : mapping.Size;
        }

        Assert.Equal(statm.SizePages * (ulong)Environment.SystemPageSize, size);
    }

    [Fact]
    public void A_System_V_segment_is_listed_with_its_size_and_its_maker_and_stays_after_its_removal_until_it_is_detached()
    {
        const int size = 1 << 20;
        int page = Environment.SystemPageSize;
        int id;
        using (SysvMemory memory = new(size, 0x1a4))
        {
            id = memory.Id;
            memory.Touch(3 * page);
            SysvSegment segment = Assert.Single(Segments(), segment => segment.Id == id);
            Assert.Equal((0, 0x1a4U, size), (segment.Key, segment.Mode, segment.SizeBytes));
            Assert.Equal((Environment.ProcessId, 1), (segment.CreatorPid, segment.Attached));
            // Where huge pages are made for shared memory, more is resident than was touched.
            Assert.InRange(segment.ResidentBytes + segment.SwapBytes, 3 * page, size);
            Assert.Equal(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), segment.ChangedAt, 60.0);

            memory.MarkRemoved();
            Assert.Equal(0x3a4U, Assert.Single(Segments(), segment => segment.Id == id).Mode);
        }

        Assert.DoesNotContain(Segments(), segment => segment.Id == id);
    }

    [Fact]
    public void A_System_V_segment_is_mapped_with_its_id_as_inode_number()
    {
        using SysvMemory memory = new(65_536, 0x180);
        int found = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(File.ReadAllBytes("/proc/self/maps")))
        {
            Assert.True(MapsLine.TryParse(line, out MapsLine mapping));
            if (mapping.Start == memory.Address)
            {
                found++;
                Assert.Equal(((ulong)memory.Id, 65_536UL, true), (mapping.Inode, mapping.Size, mapping.IsShared));
                Assert.Equal("/SYSV00000000 (deleted)", Encoding.ASCII.GetString(mapping.Path));
            }
        }

        Assert.Equal(1, found);
    }

    [Fact]
    public void Every_namespace_of_a_child_has_the_number_of_the_test_process()
    {
        using Child child = Child.Sleeping();
        Assert.All(["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"], name =>
        {
            Assert.Equal(ReadOutcome.Ok, Namespace("self", name, out ulong own));
            Assert.Equal(ReadOutcome.Ok, Namespace($"{child.Pid}", name, out ulong other));
            Assert.InRange(own, 1UL, uint.MaxValue);
            Assert.Equal(own, other);
        });
    }

    private static List<SysvSegment> Segments()
    {
        List<SysvSegment> segments = [];
        Assert.Equal(ReadOutcome.Ok, SysvShm.Parse(File.ReadAllBytes("/proc/sysvipc/shm"), segments));
        return segments;
    }

    private static ReadOutcome Namespace(string process, string name, out ulong number) =>
        NamespaceLink.Parse(Encoding.ASCII.GetBytes(new FileInfo($"/proc/{process}/ns/{name}").LinkTarget!), out number);
}
