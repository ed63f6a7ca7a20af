using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class StatTests
{
    [Fact]
    public void A_captured_process_gives_the_kernels_numbers()
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(Fixture.Bytes("6.18", "everything", "stat"), out Stat stat));
        Assert.Equal(31630, stat.Pid);
        Assert.Equal("everything"u8, stat.Comm);
        Assert.Equal((byte)'T', stat.State);
        Assert.Equal(31617, stat.ParentPid);
        Assert.Equal(4_194_304UL, stat.Flags);
        Assert.Equal(3070UL, stat.MinorFaults);
        Assert.Equal(1UL, stat.MajorFaults);
        Assert.Equal(1UL, stat.CpuTicks);
        Assert.Equal(549_630UL, stat.StartTicks);
        Assert.Equal(26_652_672UL, stat.VirtualBytes);
        Assert.Equal(3120, stat.ResidentPages);
        Assert.Equal(94_504_149_880_832UL, stat.StartCode);
        Assert.Equal(140_727_308_679_760UL, stat.StartStack);
        Assert.True(stat.HasAddressSpace);
    }

    [Fact]
    public void A_comm_full_of_parentheses_and_blanks_is_read_whole()
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(Fixture.Bytes("6.18", "hostile-comm", "stat"), out Stat stat));
        Assert.Equal("a)( ) b (() ("u8, stat.Comm);
        Assert.Equal(31627, stat.Pid);
        Assert.Equal(31617, stat.ParentPid);
        Assert.Equal(549_630UL, stat.StartTicks);
    }

    [Fact]
    public void A_comm_that_imitates_the_rest_of_the_line_deceives_nobody()
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(Fixture.Bytes("6.18", "newline-comm", "stat"), out Stat stat));
        Assert.Equal((byte[])[.. "new\nline"u8, 0xff, 0xfe, .. ")\n S"u8], stat.Comm.ToArray());
        Assert.Equal((byte)'T', stat.State);
        Assert.Equal(310, stat.ResidentPages);
    }

    [Fact]
    public void An_empty_comm_is_a_comm()
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(new StatLine { Comm = "" }.ToBytes(), out Stat stat));
        Assert.True(stat.Comm.IsEmpty);
    }

    [Theory]
    [InlineData("zombie", false)]
    [InlineData("kernel-thread", true)]
    public void Zombies_and_kernel_threads_have_no_address_space(string process, bool isKernelThread)
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(Fixture.Bytes("6.18", process, "stat"), out Stat stat));
        Assert.False(stat.HasAddressSpace);
        Assert.Equal(isKernelThread, stat.IsKernelThread);
    }

    [Theory]
    [InlineData('X')]
    [InlineData('x')]
    [InlineData('Z')]
    public void Dead_states_have_no_address_space(char state)
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(new StatLine { State = state }.ToBytes(), out Stat stat));
        Assert.False(stat.HasAddressSpace);
    }

    [Theory]
    [InlineData('R')]
    [InlineData('D')]
    [InlineData('t')]
    [InlineData('I')]
    public void Living_states_have_an_address_space(char state)
    {
        Assert.Equal(ReadOutcome.Ok, Stat.Parse(new StatLine { State = state }.ToBytes(), out Stat stat));
        Assert.True(stat.HasAddressSpace);
    }

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("18446744073709551616", false)]
    [InlineData("99999999999999999999999999", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    public void Faults_that_do_not_fit_are_malformed_and_never_smaller(string faults, bool fits)
    {
        Assert.Equal(fits ? ReadOutcome.Ok : ReadOutcome.Malformed, Stat.Parse(new StatLine { MajorFaults = faults }.ToBytes(), out Stat stat));
        Assert.Equal(fits ? ReadOutcome.Ok : ReadOutcome.Malformed, Stat.Parse(new StatLine { MinorFaults = faults }.ToBytes(), out _));
        Assert.Equal(fits ? long.MaxValue : 0UL, stat.MajorFaults > long.MaxValue ? 0 : stat.MajorFaults);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("9223372036854775808")]
    [InlineData("1x")]
    public void A_resident_size_that_cannot_be_is_malformed(string pages) =>
        Assert.Equal(ReadOutcome.Malformed, Stat.Parse(new StatLine { ResidentPages = pages }.ToBytes(), out _));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("42")]
    [InlineData("42 (x")]
    [InlineData("42 (x)")]
    [InlineData("42 (x) S")]
    [InlineData("42 )x( S 1 42 42 0")]
    [InlineData("(x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 0")]
    [InlineData("0 (x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 0")]
    [InlineData("-4 (x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 0")]
    [InlineData("4x (x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 0")]
    [InlineData("99999999999 (x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 0")]
    public void What_is_no_stat_line_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, Stat.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("42x(worker) S 1 ")]
    [InlineData("42 (worker)xS 1 ")]
    [InlineData("42 (worker) Sx1 ")]
    [InlineData("42 (worker) S 1\n42 ")]
    public void Only_single_blanks_part_the_fields(string head)
    {
        string whole = new StatLine().ToString();
        string tail = whole[(whole.IndexOf(" S 1 ", System.StringComparison.Ordinal) + 5)..];
        Assert.Equal(ReadOutcome.Malformed, Stat.Parse(Encoding.UTF8.GetBytes(head + tail), out _));
    }

    [Fact]
    public void Any_fields_and_any_comm_are_read_as_the_slow_reference_reads_them()
    {
        Gen<string> number = Gen.OneOf(Gen.ULong.Select(static n => $"{n}"), Gen.Long[0, 100_000].Select(static n => $"{n}"));
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char["() \n"]).Array[0, 15], number.Array[6], Gen.OneOf(Gen.ULong, Gen.ULong[0, 1_000_000_000_000])).Sample(
            (pid, comm, numbers, start) =>
            {
                byte[] text = new StatLine
                {
                    Pid = pid,
                    Comm = new string(comm),
                    Flags = numbers[0],
                    MinorFaults = numbers[1],
                    MajorFaults = numbers[2],
                    UserTicks = numbers[3],
                    SystemTicks = numbers[4],
                    ResidentPages = numbers[5],
                    StartTicks = start,
                }.ToBytes();
                Assert.Equal(SlowStat.Read(text), FastReading.Stat(text));
            });
    }
}
