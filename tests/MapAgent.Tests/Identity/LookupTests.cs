using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using MapAgent.Identity;
using MapAgent.Procfs;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace MapAgent.Tests.Identity;

public sealed class LookupTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly ProcTree _tree = new();
    private readonly Lookups _lookups;
    private readonly ProcReader _reader;

    public LookupTests()
    {
        _lookups = new Lookups(_tree.Root, TimeProvider.System, NullLogger.Instance);
        _reader = new ProcReader(_tree.Root);
    }

    public void Dispose()
    {
        _lookups.Dispose();
        _reader.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public void After_failures_a_source_is_asked_more_and_more_rarely_and_after_a_success_soon()
    {
        LookupPace pace = new(TimeSpan.FromMinutes(1));
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ =>
        {
            pace.Done(LookupOutcome.Timeout, 1);
            Assert.Equal(pace.WhenAsked, pace.Otherwise);
            return pace.Otherwise.TotalSeconds;
        })];

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], waits);
        pace.Done(LookupOutcome.Timeout, 0);
        Assert.Equal(225, pace.Otherwise.TotalSeconds);
        pace.Done(LookupOutcome.Ok, 0.5);
        Assert.Equal((1, 60), (pace.WhenAsked.TotalSeconds, pace.Otherwise.TotalSeconds));
    }

    [Fact]
    public void Names_of_logs_are_known_as_soon_as_a_pod_is_seen()
    {
        WithPod(7);
        _tree.With($"log/containers/web-0_prod_app-{CgroupExamples.Id}.log", "").With($"log/pods/prod_web-0_{CgroupExamples.Uid}/x", "");
        _lookups.Configure(new KubernetesOptions { Logs = _tree.Path + "/log", Sources = "logs" });
        _lookups.Begin(_reader, s_patience);

        Assert.Equal((1, 1), (_lookups.Names.Pods, _lookups.Names.Containers));
        Assert.Equal(LookupOutcome.Ok, _lookups.Ledger.Last(SourceKind.Logs));
        Assert.Equal("app", _lookups.Of(_reader, 7, s_patience).Container);
    }

    [Fact]
    public void A_link_in_the_place_of_logs_is_a_name_and_not_followed()
    {
        Directory.CreateDirectory(_tree.Path + "/log/containers");
        File.CreateSymbolicLink($"{_tree.Path}/log/containers/web-0_prod_app-{CgroupExamples.Id}.log", "/nowhere/at/all");
        FoundNames found = new();
        using LogNames logs = new(_tree.Path + "/log");

        Assert.Equal(LookupOutcome.Ok, logs.Look([], found, TestContext.Current.CancellationToken));
        Assert.Equal("app", found.Containers[CgroupExamples.Id].Name);
    }

    [Fact]
    public void Nothing_is_asked_where_no_pod_is_seen_and_nothing_when_it_is_off()
    {
        _tree.With(3, "cgroup", "0::/system.slice/a.service\n");
        _lookups.Configure(new KubernetesOptions { Logs = _tree.Path });
        _lookups.Begin(_reader, s_patience);
        Assert.Null(_lookups.Ledger.Last(SourceKind.Logs));

        WithPod(7);
        _lookups.Configure(new KubernetesOptions { Logs = _tree.Path, Enabled = false });
        _lookups.Begin(_reader, s_patience);
        Assert.Null(_lookups.Ledger.Last(SourceKind.Logs));
    }

    [Fact]
    public void A_container_is_named_by_what_the_kubelet_mounts_into_it()
    {
        WithPod(7);
        _tree.With(7, "mountinfo", $"""
            1 0 8:1 / / rw - ext4 /dev/sda1 rw
            2 1 8:1 /var/lib/kubelet/pods/{CgroupExamples.Uid}/containers/app/0a1b /dev/termination-log rw - ext4 /dev/sda1 rw

            """);
        FoundNames found = new();
        using MountNames mounts = Mounts();

        Assert.Equal(LookupOutcome.Ok, mounts.Look(
            [new UnnamedContainer(7, CgroupExamples.Id, CgroupExamples.Uid)], found, TestContext.Current.CancellationToken));
        Assert.Equal(new ContainerName(null, "app"), found.Containers[CgroupExamples.Id]);
    }

    [Fact]
    public void A_pid_that_is_another_container_s_by_now_names_nothing()
    {
        WithPod(7);
        _tree.With(7, "mountinfo", $"2 1 8:1 /var/lib/kubelet/pods/{CgroupExamples.Uid}/containers/app/0a1b /dev/termination-log rw - ext4 /dev/sda1 rw\n");
        FoundNames found = new();
        using MountNames mounts = Mounts();

        UnnamedContainer another = new(7, CgroupExamples.OtherId, CgroupExamples.Uid);
        UnnamedContainer gone = new(8, CgroupExamples.Id, CgroupExamples.Uid);
        Assert.Equal(LookupOutcome.Ok, mounts.Look([another, gone], found, TestContext.Current.CancellationToken));
        Assert.Empty(found.Containers);
    }

    [Fact]
    public void Without_directory_the_names_are_gone_and_that_is_counted()
    {
        WithPod(7);
        _lookups.Configure(new KubernetesOptions { Logs = _tree.Path + "/none", Sources = "logs" });
        _lookups.Begin(_reader, s_patience);

        Assert.Equal(1, _lookups.Ledger[SourceKind.Logs, LookupOutcome.Gone]);
        Assert.Equal(0, _lookups.Names.Pods);
    }

    [Fact]
    public void Without_token_or_certificate_nothing_is_sent()
    {
        _tree.With("ca.crt", "no certificate").With("token", "bad\ntoken");
        using PodListNames nothing = new(SourceKind.Kubelet, new Uri("https://127.0.0.1:1/pods"), _tree.Path + "/none", _tree.Path + "/none");
        using PodListNames bad = new(SourceKind.Kubelet, new Uri("https://127.0.0.1:1/pods"), _tree.Path + "/token", _tree.Path + "/ca.crt");

        Assert.Equal(LookupOutcome.Denied, nothing.Look([], new FoundNames(), TestContext.Current.CancellationToken));
        Assert.Equal(LookupOutcome.Denied, bad.Look([], new FoundNames(), TestContext.Current.CancellationToken));
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The source that is returned disposes its reader.")]
    private MountNames Mounts() => new(new ProcReader(_tree.Root));

    private void WithPod(int pid) => _tree.With(pid, "cgroup", $"0::/kubepods/pod{CgroupExamples.Uid}/{CgroupExamples.Id}\n");
}
