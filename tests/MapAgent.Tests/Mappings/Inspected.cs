using System;
using MapAgent.Mappings;
using MapAgent.Procfs;

namespace MapAgent.Tests.Mappings;

/// <summary>A process about which everything is known, with names that mean harm.</summary>
internal static class Inspected
{
    public static Inspection Hostile()
    {
        using MappedProcess process = new("1 0 254:0 / / rw - ext4 /dev/vda rw\n2 1 0:41 / /home rw - nfs4 server:/ rw\n");
        process.Read(new SmapsText()
            .Add("[heap]", rss: 512, swap: 8, flags: "rd wr hg", at: 0x0804_8000).AddFile("/lib/\u001b[31mred.so (deleted)", 1, rss: 64, rights: "r-xp")
            .AddFile("/home/big", 2, rss: 256, dirty: 16, device: "00:29").Add("[stack]", rss: 4, at: 0xfff0_0000));
        SmapsRollup.Parse(System.Text.Encoding.ASCII.GetBytes(new RollupText { Rss = 836, Pss = 836, Swap = 8 }.ToString()), out SmapsRollup rollup);
        ProcessLimits.Parse(Fixture.Bytes("6.18", "limited", "limits"), out ProcessLimits limits);
        return new Inspection
        {
            Id = new ProcessId(42, 1234),
            Comm = "a\u001b]0;title\u0007",
            Cmdline = ["/bin/a", "two\nlines"],
            PageSize = 4096,
            Uid = 1000,
            StartTime = 1_700_000_000.5,
            HasAddressSpace = true,
            MajorFaults = 12,
            MinorFaults = 3456,
            Faults = new FaultSpan(1.25, 10, 100),
            FaultsSinceStart = new FaultSpan(7300, 12, 3456),
            Rollup = rollup,
            Anatomy = process.Anatomy,
            MappingsLimit = 65530,
            Limits = limits,
            RollupCost = new ReadCost(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(0.5)),
            AnatomyCost = new ReadCost(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(2)),
        };
    }
}
