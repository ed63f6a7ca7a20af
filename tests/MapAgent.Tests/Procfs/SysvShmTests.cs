using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class SysvShmTests
{
    private const string Headings =
        "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime"
        + "                   rss                  swap\n";

    private const string Segment = "17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096\n";

    [Fact]
    public void Captured_segments_keep_keys_modes_owners_and_sizes()
    {
        Assert.Equal(ReadOutcome.Ok, Parse(Fixture.Bytes("6.18", "node", "sysvipc/shm"), out List<SysvSegment> segments));
        Assert.Equal(
            [
                new(0, -2147483647, 0x180, 5_000, 4802, 2, 0, 1795488777, 8192, 0),
                // 01000: removed while attached. 02000: locked.
                new(1, 0, 0x3a4, 65_536, 4802, 1, 0, 1795488777, 0, 0),
                new(2, int.MaxValue, 0x1b6, 1L << 40, 4802, 0, 0, 1795488777, 0, 0),
                new(3, 17, 0x400, 4096, 4802, 0, 4294967294, 1795488777, 0, 0),
            ],
            segments);
    }

    [Fact]
    public void Each_value_comes_from_its_own_column()
    {
        Assert.Equal(ReadOutcome.Ok, Parse(Headings + Segment, out List<SysvSegment> segments));
        Assert.Equal([new(3, 17, 0x1a4, 4096, 10, 2, 1000, 7, 8192, 4096)], segments);
    }

    [Fact]
    public void A_node_without_segments_has_only_headings()
    {
        Assert.Equal(ReadOutcome.Ok, Parse(Headings, out List<SysvSegment> segments));
        Assert.Empty(segments);
    }

    [Fact]
    public void Columns_of_later_kernels_are_passed_over()
    {
        Assert.Equal(ReadOutcome.Ok, Parse($"{Headings[..^1]} more\n{Segment[..^1]} 1 x\n", out List<SysvSegment> segments));
        Assert.Equal(3, Assert.Single(segments).Id);
    }

    [Fact]
    public void The_largest_numbers_are_exact_and_the_smallest_key_too()
    {
        string text = Headings + $"-2147483648 2147483647 3777 {long.MaxValue} 1 1 1 4294967295 0 0 0 0 0 0 0 0\n";
        Assert.Equal(ReadOutcome.Ok, Parse(text, out List<SysvSegment> segments));
        Assert.Equal([new(int.MaxValue, int.MinValue, 0x7ff, long.MaxValue, 1, 1, uint.MaxValue, 0, 0, 0)], segments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(Segment)]
    [InlineData(Segment + Segment)]
    [InlineData("Key\n" + Segment)]
    public void Without_headings_it_is_malformed_and_gives_no_segment(string text)
    {
        Assert.Equal(ReadOutcome.Malformed, Parse(text, out List<SysvSegment> segments));
        Assert.Empty(segments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192")]
    [InlineData("2147483648 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("-2147483649 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("- 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("+17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 -3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 2147483648 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 648 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 200000 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 644 -4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 644 9223372036854775808 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 644 4096 10 11 2 4294967296 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 99999999999999999999")]
    [InlineData("17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 -1")]
    [InlineData("17 3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096\0")]
    [InlineData("17\t3 644 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    [InlineData("17 3 \u00ff44 4096 10 11 2 1000 1001 1002 1003 5 6 7 8192 4096")]
    public void A_line_that_is_not_understood_is_left_out_and_the_others_stay(string line)
    {
        Assert.Equal(ReadOutcome.Malformed, Parse($"{Headings}{Segment}{line}\n{Segment}", out List<SysvSegment> segments));
        Assert.Equal([3, 3], segments.Select(static segment => segment.Id));
    }

    [Fact]
    public void A_cut_last_line_is_malformed_and_the_lines_before_stay()
    {
        Assert.Equal(ReadOutcome.Malformed, Parse(Headings + Segment + Segment[..^1], out List<SysvSegment> segments));
        Assert.Single(segments);
    }

    [Fact]
    public void The_list_is_cleared_first()
    {
        List<SysvSegment> segments = [default];
        Assert.Equal(ReadOutcome.Malformed, SysvShm.Parse([], segments));
        Assert.Empty(segments);
    }

    [Fact]
    public void Any_segments_come_back_as_the_kernel_prints_them() =>
        Gen.Select(Gen.Int, Gen.Int[0, int.MaxValue], Gen.UInt[0, 0xfff], Gen.Long[0, long.MaxValue], Gen.UInt, Gen.Long[0, 1L << 40])
            .Select(static (key, id, mode, size, uid, resident) => new SysvSegment(id, key, mode, size, 1, resident, uid, 2, resident, 3))
            .Array[0, 8].Sample(static segments =>
            {
                IEnumerable<string> lines = segments.Select(static s =>
                    $"{s.Key,10} {s.Id,10}  {Convert.ToString(s.Mode, 8),4} {s.SizeBytes,21} {s.CreatorPid,5} {9,5}  {s.Attached,5} "
                    + $"{s.Uid,5} {0,5} {0,5} {0,5} {1,10} {1,10} {s.ChangedAt,10} {s.ResidentBytes,21} {s.SwapBytes,21}\n");
                Assert.Equal(ReadOutcome.Ok, Parse(Headings + string.Concat(lines), out List<SysvSegment> read));
                Assert.Equal(segments, read);
            });

    private static ReadOutcome Parse(string text, out List<SysvSegment> segments) => Parse(Encoding.Latin1.GetBytes(text), out segments);

    private static ReadOutcome Parse(byte[] text, out List<SysvSegment> segments)
    {
        segments = [];
        return SysvShm.Parse(text, segments);
    }
}
