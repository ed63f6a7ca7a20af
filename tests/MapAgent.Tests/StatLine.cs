using System.Text;

namespace MapAgent.Tests;

/// <summary>A line of /proc/PID/stat as the kernel prints it, with everyday values where nothing else is said.</summary>
internal sealed record StatLine
{
    public int Pid { get; init; } = 42;

    public string Comm { get; init; } = "worker";

    public char State { get; init; } = 'S';

    public int Parent { get; init; } = 1;

    public string Flags { get; init; } = "4194304";

    public string MinorFaults { get; init; } = "105";

    public string MajorFaults { get; init; } = "2";

    public string UserTicks { get; init; } = "7";

    public string SystemTicks { get; init; } = "3";

    public ulong StartTicks { get; init; } = 1234;

    public long VirtualBytes { get; init; } = 2_752_512;

    public string ResidentPages { get; init; } = "331";

    public ulong StartCode { get; init; } = 94_504_149_880_832;

    public ulong StartStack { get; init; } = 140_727_308_679_760;

    public override string ToString() =>
        $"{Pid} ({Comm}) {State} {Parent} {Pid} {Pid} 0 -1 {Flags} {MinorFaults} 11 {MajorFaults} 12 {UserTicks} {SystemTicks} 13 14 20 0 1 0 "
        + $"{StartTicks} {VirtualBytes} {ResidentPages} 18446744073709551615 {StartCode} {StartCode + 4096} {StartStack} "
        + "0 0 0 0 6 0 1 0 0 17 0 0 0 0 0 0 94504149892560 94504149893256 94504496967680 "
        + "140727308681196 140727308681204 140727308681204 140727308681204 0\n";

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());
}
