using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Tests.Procfs;

/// <summary>One parser beside its slow reference. Both tell what they read as name and text; null when it is not Ok.</summary>
internal sealed record ParserCase(
    string Name,
    Func<byte[], IReadOnlyDictionary<string, string>?> Fast,
    Func<byte[], IReadOnlyDictionary<string, string>?> Slow,
    byte[][] Seeds)
{
    /// <summary>Every parser that has an outcome.</summary>
    public static ParserCase[] All { get; } =
    [
        new("stat", FastReading.Stat, SlowStat.Read, [.. Fixture.All("stat"), new StatLine { Comm = "a)( ) b (() (" }.ToBytes()]),
        new("statm", FastReading.Statm, SlowParser.Statm, Fixture.All("statm")),
        new("status", FastReading.Status, SlowParser.Status, Fixture.All("status")),
        new("smaps_rollup", FastReading.Rollup, SlowParser.Rollup, Fixture.All("smaps_rollup")),
        new("cgroup", FastReading.Cgroup, SlowParser.Cgroup, Fixture.All("cgroup")),
        new("vmstat", FastReading.VmStat, SlowParser.VmStat, Fixture.All("vmstat", node: true)),
        new("meminfo", FastReading.MemInfo, SlowParser.MemInfo, Fixture.All("meminfo", node: true)),
        new("pressure", FastReading.Pressure, SlowParser.Pressure, Fixture.All("pressure/memory", node: true)),
        new("host_stat", FastReading.HostStat, SlowParser.HostStat, Fixture.All("stat", node: true)),
        new("uptime", FastReading.Uptime, SlowParser.Uptime, Fixture.All("uptime", node: true)),
        new("mountinfo", FastSharing.MountInfo, SlowSharing.MountInfo, Fixture.All("mountinfo")),
        new("maps", FastSharing.Maps, SlowSharing.Maps, Fixture.All("maps")),
        new("sysv_shm", FastSharing.SysvShm, SlowSharing.SysvShm, Fixture.All("sysvipc/shm", node: true)),
        new("namespace", FastSharing.NamespaceLink, SlowSharing.NamespaceLink, [[.. "mnt:[4026531832]"u8], [.. "pid:[4026531836]"u8]]),
        new("smaps", FastSmaps.Smaps, SlowSmaps.Smaps, FastSmaps.Seeds()),
        new("limits", FastSmaps.Limits, SlowSmaps.Limits, Fixture.All("limits")),
    ];

    /// <summary>The names, for theories.</summary>
    public static IEnumerable<string> Names => All.Select(static one => one.Name);

    /// <summary>One parser by name.</summary>
    public static ParserCase Of(string name) => All.Single(one => one.Name == name);
}

/// <summary>The parsers under test, their values as text.</summary>
internal static class FastReading
{
    public static IReadOnlyDictionary<string, string>? Stat(byte[] text) =>
        MapAgent.Procfs.Stat.Parse(text, out Stat stat) != ReadOutcome.Ok ? null : Known(
            ("pid", stat.Pid), ("comm", Convert.ToHexString(stat.Comm)), ("state", stat.State), ("parent", stat.ParentPid), ("flags", stat.Flags),
            ("minor", stat.MinorFaults), ("major", stat.MajorFaults), ("cpu", stat.CpuTicks), ("start", stat.StartTicks),
            ("virtual", stat.VirtualBytes), ("resident", stat.ResidentPages), ("code", stat.StartCode), ("stack", stat.StartStack));

    public static IReadOnlyDictionary<string, string>? Statm(byte[] text) =>
        MapAgent.Procfs.Statm.Parse(text, out Statm statm) != ReadOutcome.Ok ? null
            : Known(("size", statm.SizePages), ("resident", statm.ResidentPages), ("shared", statm.SharedPages));

    public static IReadOnlyDictionary<string, string>? Status(byte[] text) =>
        MapAgent.Procfs.Status.Parse(text, out Status status) != ReadOutcome.Ok ? null
            : Known(("real", status.RealUid), ("effective", status.EffectiveUid), ("inner", status.InnermostPid),
                ("caps", status.EffectiveCapabilities));

    public static IReadOnlyDictionary<string, string>? Rollup(byte[] text)
    {
        if (SmapsRollup.Parse(text, out SmapsRollup rollup) != ReadOutcome.Ok)
        {
            return null;
        }

        SmapsRollup copy = rollup;
        return Known([.. Enum.GetValues<RollupField>().Select(field => (field.ToString(), (object?)copy[field]))]);
    }

    public static IReadOnlyDictionary<string, string>? Cgroup(byte[] text) =>
        MapAgent.Procfs.Cgroup.Parse(text, out string[] paths) != ReadOutcome.Ok ? null
            : Known([.. paths.Select(static (path, i) => ($"{i}", (object?)path))]);

    public static IReadOnlyDictionary<string, string>? VmStat(byte[] text) =>
        MapAgent.Procfs.VmStat.Parse(text, out VmStat v) != ReadOutcome.Ok ? null : Known(
            ("pgfault", v.PageFaults), ("pgmajfault", v.MajorFaults), ("anon", v.RefaultsAnon), ("file", v.RefaultsFile),
            ("pswpin", v.SwapInPages), ("pswpout", v.SwapOutPages));

    public static IReadOnlyDictionary<string, string>? MemInfo(byte[] text) =>
        MapAgent.Procfs.MemInfo.Parse(text, out MemInfo m) != ReadOutcome.Ok ? null
            : Known(("MemTotal", m.MemTotal), ("MemAvailable", m.MemAvailable), ("Shmem", m.Shmem));

    public static IReadOnlyDictionary<string, string>? Pressure(byte[] text) =>
        PressureMemory.Parse(text, out PressureMemory p) != ReadOutcome.Ok ? null : Known(("some", p.SomeMicroseconds), ("full", p.FullMicroseconds));

    public static IReadOnlyDictionary<string, string>? HostStat(byte[] text) =>
        MapAgent.Procfs.HostStat.Parse(text, out HostStat stat) != ReadOutcome.Ok ? null : Known(("btime", stat.BootTime));

    public static IReadOnlyDictionary<string, string>? Uptime(byte[] text) =>
        MapAgent.Procfs.Uptime.Parse(text, out double seconds) != ReadOutcome.Ok ? null : Known(("seconds", seconds));

    internal static Dictionary<string, string> Known(params (string Name, object? Value)[] values) =>
        values.Where(static value => value.Value is not null).ToDictionary(static value => value.Name, static value => $"{value.Value}");
}
