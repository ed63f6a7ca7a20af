using System.IO;
using MapAgent.Host;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Host;

public sealed class CgroupMemoryReadingTests
{
    private readonly ReadLedger _books = new();
    private const string Stat = "shmem 4096\nworkingset_refault_anon 2\nworkingset_refault_file 3\npgmajfault 5\n";

    [Fact]
    public void A_cgroup_of_version_2_tells_its_memory_and_its_limit()
    {
        using ProcTree tree = new ProcTree().With("cgroup.controllers", "memory\n")
            .With("pods/web/memory.stat", Stat).With("pods/web/memory.max", "67108864\n").With("pods/web/memory.current", "8192\n");
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(tree.Path, tree.Path, _books);
        Assert.Equal(ReadOutcome.Ok, reading.Read("/pods/web", out CgroupMemory memory));
        Assert.Equal(new CgroupMemory(4096, 67_108_864, 8192, 5, 5), memory);
    }

    [Fact]
    public void A_cgroup_of_version_1_is_below_the_memory_hierarchy()
    {
        using ProcTree tree = new ProcTree().With("memory/memory.stat", "shmem 1\ntotal_shmem 1\n")
            .With("memory/docker/a/memory.stat", "shmem 1\nhierarchical_memory_limit 9223372036854771712\ntotal_shmem 4096\ntotal_pgmajfault 5\n")
            .With("memory/docker/a/memory.usage_in_bytes", "8192\n");
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(tree.Path, tree.Path, _books);
        Assert.Equal(ReadOutcome.Ok, reading.Read("/docker/a", out CgroupMemory memory));
        Assert.Equal(new CgroupMemory(4096, null, 8192, 5, null), memory);
    }

    [Fact]
    public void No_limit_is_no_number_and_what_cannot_be_read_is_unknown()
    {
        using ProcTree tree = new ProcTree().With("cgroup.controllers", "memory\n").With("a/memory.stat", Stat).With("a/memory.max", "max\n").With("b/memory.stat", "x\n");
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(tree.Path, tree.Path, _books);
        Assert.Equal(ReadOutcome.Ok, reading.Read("/a", out CgroupMemory memory));
        Assert.Equal(new CgroupMemory(4096, null, null, 5, 5), memory);
        Assert.Equal(ReadOutcome.Malformed, reading.Read("/b", out _));
        Assert.Equal(ReadOutcome.Gone, reading.Read("/c", out _));
        Assert.Equal((1, 1), (_books.Reads(ProcFile.MemoryStat, ReadOutcome.Malformed), _books.Reads(ProcFile.MemoryCurrent, ReadOutcome.Gone)));
    }

    [Fact]
    public void From_a_namespace_of_its_own_the_agent_finds_others_by_way_of_its_own_place()
    {
        using ProcTree tree = new ProcTree().With("cgroup.controllers", "memory\n").With("pods/agent/cgroup.procs", "").With("pods/web/memory.stat", Stat);
        // What the namespace shows as the root is this very directory.
        using ProcTree elsewhere = new();
        string seen = Path.Combine(elsewhere.Path, "seen");
        Directory.CreateSymbolicLink(seen, Path.Combine(tree.Path, "pods/agent"));
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(tree.Path, seen, _books);
        Assert.Equal(ReadOutcome.Ok, reading.Read("/../web", out CgroupMemory memory));
        Assert.Equal(4096, memory.ShmemBytes);
        Assert.Equal(ReadOutcome.Gone, reading.Read("/../../../web", out _));
    }

    [Fact]
    public void Nothing_above_the_mount_is_read()
    {
        using ProcTree tree = new ProcTree().With("mount/cgroup.controllers", "memory\n").With("memory.stat", Stat);
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(Path.Combine(tree.Path, "mount"), Path.Combine(tree.Path, "mount"), _books);
        Assert.Equal(ReadOutcome.Gone, reading.Read("/..", out _));
        Assert.Equal(ReadOutcome.Gone, reading.Read("/a/../..", out _));
    }

    [Fact]
    public void Without_a_mount_nothing_is_read()
    {
        using ProcTree tree = new();
        using CgroupMemoryReading reading = CgroupMemoryReading.Open(tree.Path, tree.Path, _books);
        Assert.False(reading.IsOpen);
        Assert.Equal(ReadOutcome.Gone, reading.Read("/", out _));
    }
}
