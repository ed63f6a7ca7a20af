using System;
using System.Linq;
using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class VmFlagsTests
{
    [Theory]
    [InlineData("rd wr mr mw me ac ", VmFlags.Readable | VmFlags.Writable | VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExecute | VmFlags.Accounted)]
    [InlineData(" ex ", VmFlags.Executable)]
    [InlineData("rr", VmFlags.Random)]
    [InlineData("sr", VmFlags.Sequential)]
    [InlineData("dc", VmFlags.DontCopy)]
    [InlineData("wf", VmFlags.WipeOnFork)]
    [InlineData("dd", VmFlags.DontDump)]
    [InlineData("mg", VmFlags.Mergeable)]
    [InlineData("hg", VmFlags.HugePage)]
    [InlineData("nh", VmFlags.NoHugePage)]
    [InlineData("ht", VmFlags.HugeTlb)]
    [InlineData("pf io", VmFlags.PageFrames | VmFlags.Io)]
    [InlineData("gd", VmFlags.GrowsDown)]
    [InlineData("lo lf", VmFlags.Locked | VmFlags.LockedOnFault)]
    [InlineData("", VmFlags.None)]
    [InlineData("   ", VmFlags.None)]
    public void Codes_are_flags(string codes, object expected) => Assert.Equal(expected, VmFlagCodes.Parse(Encoding.ASCII.GetBytes(codes)));

    [Theory]
    [InlineData("?? rd")]
    [InlineData("zz rd")]
    [InlineData("rdx rd")]
    [InlineData("r rd")]
    [InlineData("RD rd \u00e9\u00e9")]
    [InlineData("rd rwx")]
    public void Unknown_codes_are_passed_over(string codes) => Assert.Equal(VmFlags.Readable, VmFlagCodes.Parse(Encoding.UTF8.GetBytes(codes)));

    [Fact]
    public void Every_code_has_a_flag_of_its_own()
    {
        string[] codes = VmFlagCodes.All.Split(' ');
        VmFlags[] flags = [.. codes.Select(static code => VmFlagCodes.Parse(Encoding.ASCII.GetBytes(code)))];

        Assert.Equal(Enum.GetValues<VmFlags>().Where(static flag => flag != VmFlags.None), flags);
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }
}
