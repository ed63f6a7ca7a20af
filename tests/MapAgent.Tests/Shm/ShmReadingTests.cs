using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MapAgent.Procfs;
using MapAgent.Shm;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MapAgent.Tests.Shm;

/// <summary>Finding and closing the books, over a tree whose processes have this machine's root.</summary>
[Collection("dev shm")]
public sealed class ShmReadingTests : IDisposable
{
    private readonly ShmFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ShmReading _reading;
    private readonly ShmMember _member = new(new ProcessId(ShmFolder.Pid, 1));
    private long _pass;

    public ShmReadingTests()
    {
        _reading = new ShmReading(_folder.Reader, _clock);
        _reading.Configure(new ShmOptions());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_mount_is_found_once_however_many_namespaces_see_it()
    {
        _folder.Write("segment", 4096);
        ShmMember second = Second("mnt:[101]");
        ShmValues values = Run(_member, second);
        ShmMountValues mount = Assert.Single(values.Mounts);
        Assert.Equal(new DriveInfo("/dev/shm").TotalSize, mount.SizeBytes);
        Assert.True(mount.UsedBytes >= 4096);
        Assert.True(mount.PeakBytes >= mount.UsedBytes);
        Assert.Equal(0, values.Unseen);
    }

    [Fact]
    public void A_mount_that_no_process_shows_any_more_is_gone()
    {
        Assert.Single(Run(_member).Mounts);
        Assert.Empty(Run().Mounts);
        Assert.Single(Run(_member).Mounts);
    }

    [Fact]
    public void What_mountinfo_does_not_call_a_tmpfs_is_not_asked()
    {
        string mountinfo = File.ReadAllText("/proc/self/mountinfo");
        _folder.Tree.With(ShmFolder.Pid, "mountinfo", mountinfo.Replace(" - tmpfs ", " - fuse.never ", StringComparison.Ordinal));
        Assert.Empty(Run(_member).Mounts);
    }

    [Fact]
    public void The_first_process_is_at_home_and_a_mount_that_home_does_not_see_shows_its_device()
    {
        ShmMountValues foreign = Assert.Single(Run(_member).Mounts);
        Assert.Matches(@"^/dev/shm\[\d+:\d+\]$", foreign.Mount);
        ShmMember first = Second("mnt:[101]", 1);
        Assert.Equal("/dev/shm", Assert.Single(Run(_member, first).Mounts).Mount);
    }

    [Fact]
    public void Further_paths_are_looked_at_when_asked_for_and_one_instance_stays_one_mount()
    {
        string other = Regex.Matches(File.ReadAllText("/proc/self/mountinfo"), @"^\d+ \d+ \S+ / (\S+) .* - tmpfs ", RegexOptions.Multiline)
            .Select(static match => match.Groups[1].Value).FirstOrDefault(static path => path is "/run" or "/tmp") ?? "/dev/shm";
        _reading.Configure(new ShmOptions { Paths = [other, "/dev/shm", "/there/is/none"] });
        Assert.Equal(other == "/dev/shm" ? 1 : 2, Run(_member).Mounts.Count);
    }

    [Fact]
    public void Processes_whose_namespace_is_unknown_are_counted_and_nothing_is_invented()
    {
        ShmMember blind = new(new ProcessId(77, 1));
        ShmValues values = Run(blind);
        Assert.Empty(values.Mounts);
        Assert.Equal(1, values.Unseen);
        Assert.Null(values.UnaccountedBytes);
    }

    [Fact]
    public void Without_budget_nobody_is_looked_into()
    {
        _folder.Write("segment", 4096);
        ShmValues values = Run(0, _member);
        Assert.Null(Assert.Single(values.Mounts).UnreferencedBytes);
        Assert.Equal(0, values.CpuSeconds);
        Assert.NotNull(Assert.Single(Run(long.MaxValue, _member).Mounts).UnreferencedBytes);
    }

    [Fact]
    public void Namespaces_are_known_by_their_links()
    {
        using ProcessDirectory directory = _folder.Process();
        _reading.Begin(1);
        _reading.Learn(_member, directory);
        Assert.Equal((100UL, 200UL), (_member.MountNamespace, _member.IpcNamespace));
        Assert.NotEqual(MountNamespace.NumberOf("1 2 0:3"u8), MountNamespace.NumberOf("1 2 0:4"u8));
        Assert.True(MountNamespace.NumberOf(""u8) >> 63 == 1);
    }

    [Fact]
    public void The_clock_sees_a_peak_between_two_passes()
    {
        using ProcReader reader = new(_folder.Tree.Root);
        PeakWatch watch = new(reader);
        _reading.Watch = watch;
        Run(_member);
        string file = _folder.Write("spike", 64 << 20);
        watch.Tick();
        File.Delete(file);
        ShmMountValues mount = Assert.Single(Run(_member).Mounts);
        Assert.InRange(mount.PeakBytes!.Value - mount.UsedBytes!.Value, 48 << 20, 80 << 20);
        Assert.Equal(0, watch.Failures);
        mount = Assert.Single(Run(_member).Mounts);
        Assert.InRange(mount.PeakBytes!.Value - mount.UsedBytes!.Value, 0, 16 << 20);
    }

    private ShmValues Run(params ShmMember[] members) => Run(long.MaxValue, members);

    private ShmValues Run(long cpu, params ShmMember[] members)
    {
        _clock.Advance(TimeSpan.FromMinutes(2));
        _reading.Begin(++_pass);
        foreach (ShmMember member in members)
        {
            if (_folder.Reader.Open(member.Id.Pid, out ProcessDirectory directory) == ReadOutcome.Ok)
            {
                using (directory)
                {
                    _reading.Learn(member, directory);
                }
            }

            _reading.Take(member);
        }

        return _reading.Close(cpu, shmem: 1L << 40);
    }

    private ShmMember Second(string space, int pid = 43)
    {
        _folder.Tree.WithProcess(pid).With(pid, "mountinfo", File.ReadAllBytes("/proc/self/mountinfo")).With(pid, "maps", "")
            .WithLink(pid, "root", "/").WithLink(pid, "ns/mnt", space).WithLink(pid, "ns/ipc", "ipc:[200]");
        Directory.CreateDirectory($"{_folder.Tree.Path}/{pid}/fd");
        return new ShmMember(new ProcessId(pid, 1));
    }
}
