using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class StatusTests
{
    [Fact]
    public void A_captured_user_process_gives_its_user_and_no_capabilities()
    {
        Assert.Equal(ReadOutcome.Ok, Status.Parse(Fixture.Bytes("6.18", "other-user", "status"), out Status status));
        Assert.Equal((1000U, 1000U), (status.RealUid, status.EffectiveUid));
        Assert.Equal(31631, status.InnermostPid);
        Assert.Equal(0UL, status.EffectiveCapabilities);
    }

    [Fact]
    public void In_a_pid_namespace_the_last_number_is_the_pid_inside()
    {
        Assert.Equal(ReadOutcome.Ok, Status.Parse(Fixture.Bytes("6.18", "nested", "status"), out Status status));
        Assert.Equal(1, status.InnermostPid);
        Assert.Equal(0x1fffeffffffUL, status.EffectiveCapabilities);
    }

    [Theory]
    [InlineData("zombie")]
    [InlineData("kernel-thread")]
    [InlineData("newline-comm")]
    public void Missing_Vm_lines_and_escaped_names_do_no_harm(string process)
    {
        Assert.Equal(ReadOutcome.Ok, Status.Parse(Fixture.Bytes("6.18", process, "status"), out Status status));
        Assert.Equal((0U, 0U), (status.RealUid, status.EffectiveUid));
    }

    [Fact]
    public void Real_and_effective_user_are_told_apart_and_the_largest_is_exact()
    {
        Assert.Equal(ReadOutcome.Ok, Status.Parse("Uid:\t1000\t4294967295\t7\t8\n"u8, out Status status));
        Assert.Equal((1000U, uint.MaxValue), (status.RealUid, status.EffectiveUid));
        Assert.Null(status.InnermostPid);
        Assert.Null(status.EffectiveCapabilities);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Name:\tx\n")]
    [InlineData("Uid:\t1000\t1000\t1000\t1000")]
    [InlineData("Uid:\t\n")]
    [InlineData("Uid:\t1000\n")]
    [InlineData("Uid:\t1000\t\n")]
    [InlineData("Uid:\t1000\tx\n")]
    [InlineData("Uid:\t1000\t10x0\t1000\t1000\n")]
    [InlineData("Uid:\t-1\t0\t0\t0\n")]
    [InlineData("Uid:\t4294967296\t0\t0\t0\n")]
    [InlineData("Uid:\t0\t4294967296\t0\t0\n")]
    public void Without_a_readable_user_it_is_malformed(string text) =>
        Assert.Equal(ReadOutcome.Malformed, Status.Parse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("CapEff:\t00000000x0000000\n")]
    [InlineData("CapEff:\t1000000000000000000\n")]
    [InlineData("CapEff:\t\n")]
    [InlineData("NSpid:\t5x\n")]
    [InlineData("NSpid:\t1\t\n")]
    [InlineData("NSpid:\t99999999999\n")]
    public void Other_lines_that_cannot_be_read_are_unknown(string line)
    {
        Assert.Equal(ReadOutcome.Ok, Status.Parse(Encoding.ASCII.GetBytes("Uid:\t5\t6\t7\t8\n" + line), out Status status));
        Assert.Null(status.InnermostPid);
        Assert.Null(status.EffectiveCapabilities);
        Assert.Equal(6U, status.EffectiveUid);
    }

    [Fact]
    public void Any_values_are_read_as_the_slow_reference_reads_them() =>
        Gen.Select(Gen.UInt.Array[4], Gen.Int[1, int.MaxValue].Array[1, 5], Gen.ULong).Sample((uids, pids, capabilities) =>
        {
            string[] lines =
            [
                "Name:\tUid:\\t0", "State:\tS (sleeping)", $"Uid:\t{string.Join('\t', uids)}", $"NSpid:\t{string.Join('\t', pids)}",
                "VmSwap:\t       0 kB", $"CapEff:\t{capabilities:x16}",
            ];
            byte[] text = Encoding.ASCII.GetBytes(string.Concat(lines.Select(static line => line + "\n")));
            Assert.NotNull(SlowParser.Status(text));
            Assert.Equal(SlowParser.Status(text), FastReading.Status(text));
        });
}
