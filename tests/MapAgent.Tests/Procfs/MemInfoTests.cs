using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class MemInfoTests
{
    [Fact]
    public void A_captured_file_gives_bytes()
    {
        Assert.Equal(ReadOutcome.Ok, MemInfo.Parse(Fixture.Bytes("6.18", "node", "meminfo"), out MemInfo meminfo));
        Assert.Equal(24_684_084L * 1024, meminfo.MemTotal);
        Assert.Equal(24_257_640L * 1024, meminfo.MemAvailable);
        Assert.Equal(13_308L * 1024, meminfo.Shmem);
    }

    [Fact]
    public void Missing_lines_are_null_and_huge_page_counts_are_passed_over()
    {
        Assert.Equal(ReadOutcome.Ok, MemInfo.Parse("MemTotal: 4 kB\nHugePages_Total:       4\nShmemHugePages: 7 kB\n"u8, out MemInfo meminfo));
        Assert.Equal(4096, meminfo.MemTotal);
        Assert.Null(meminfo.MemAvailable);
        Assert.Null(meminfo.Shmem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Shmem: 1 kB\n")]
    [InlineData("MemTotal: 1 kB")]
    [InlineData("MemTotal: 1\n")]
    [InlineData("MemTotal: 1 kB\nShmem: 9007199254740992 kB\n")]
    [InlineData("MemTotal: 1 kB\nShmem: -1 kB\n")]
    public void What_cannot_be_read_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, MemInfo.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_choice_of_lines_is_read_as_the_slow_reference_reads_it()
    {
        string[] names = ["MemTotal", "MemAvailable", "Shmem", "MemFree", "ShmemHugePages"];
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Long[0, (1L << 53) - 1]).Array[0, 10].Sample(lines =>
        {
            byte[] text = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"{names[line.Item1] + ":",-16}{line.Item2,8} kB\n")));
            Assert.Equal(SlowParser.MemInfo(text), FastReading.MemInfo(text));
        });
    }
}
