using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class MemoryStatTests
{
    private static readonly string[] s_names = ["shmem", "total_shmem", "pgmajfault", "total_pgmajfault", "hierarchical_memory_limit", "file"];

    [Fact]
    public void A_captured_file_of_version_1_tells_of_all_that_is_below()
    {
        Assert.Equal(ReadOutcome.Ok, MemoryStat.Parse(Fixture.Bytes("6.18", "cgroup-v1", "memory.stat"), out MemoryStat memory));
        Assert.Equal((991_825_920L, 432_035L), (memory.ShmemBytes, memory.MajorFaults));
        Assert.Equal((1_269_494L, 20_566L), (memory.RefaultsFile, memory.RefaultsAnon));
        Assert.Equal(CgroupNumber.Unlimited, memory.LimitBytes);
    }

    [Fact]
    public void In_version_2_the_plain_lines_are_of_all_that_is_below()
    {
        Assert.Equal(ReadOutcome.Ok, MemoryStat.Parse("anon 1\nshmem 4096\nworkingset_refault_anon 2\nworkingset_refault_file 3\npgmajfault 5\n"u8, out MemoryStat memory));
        Assert.Equal((4096L, 5L, 3L, 2L), (memory.ShmemBytes, memory.MajorFaults, memory.RefaultsFile, memory.RefaultsAnon));
        Assert.Null(memory.LimitBytes);
    }

    [Fact]
    public void The_one_refault_counter_of_old_kernels_is_the_files() =>
        Assert.Equal((7L, (long?)null), MemoryStat.Parse("shmem 1\nworkingset_refault 7\n"u8, out MemoryStat memory) == ReadOutcome.Ok ? (memory.RefaultsFile, memory.RefaultsAnon) : default);

    [Fact]
    public void A_limit_of_version_1_is_the_least_of_all_above() =>
        Assert.Equal(67_108_864, MemoryStat.Parse("shmem 1\nhierarchical_memory_limit 67108864\ntotal_shmem 2\n"u8, out MemoryStat memory) == ReadOutcome.Ok ? memory.LimitBytes : null);

    [Theory]
    [InlineData("")]
    [InlineData("anon 1\n")]
    [InlineData("shmem 1")]
    [InlineData("shmem x\n")]
    [InlineData("shmem -1\n")]
    [InlineData("shmem 1\npgmajfault 9223372036854775808\n")]
    public void What_cannot_be_read_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, MemoryStat.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Whatever_the_lines_nothing_is_thrown_and_a_number_is_one_that_was_written() =>
        Gen.Select(Gen.Int[0, s_names.Length - 1], Gen.Long[0, long.MaxValue]).Array[0, 8].Sample(chosen =>
        {
            (string Item1, long Item2)[] lines = [.. chosen.Select(static line => (s_names[line.Item1], line.Item2))];
            string text = string.Concat(lines.Select(static line => $"{line.Item1} {line.Item2}\n"));
            ReadOutcome outcome = MemoryStat.Parse(Encoding.ASCII.GetBytes(text), out MemoryStat memory);
            bool isFirst = text.Contains("\ntotal_", System.StringComparison.Ordinal);
            long[] shmem = [.. lines.Where(line => line.Item1 == (isFirst ? "total_shmem" : "shmem")).Select(static line => line.Item2)];
            Assert.Equal(shmem.Length == 0 ? null : shmem[^1], memory.ShmemBytes);
            Assert.Equal(outcome == ReadOutcome.Ok, memory.ShmemBytes is not null || memory.MajorFaults is not null);
        });
}
