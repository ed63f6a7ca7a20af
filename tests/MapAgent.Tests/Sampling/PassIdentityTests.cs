using System;
using System.Linq;
using System.Threading.Tasks;
using MapAgent.Identity;
using MapAgent.Sampling;
using MapAgent.Selection;
using MapAgent.Tests.Identity;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>How identity gets into selection and labels.</summary>
public sealed class PassIdentityTests : IDisposable
{
    private const string Id = CgroupExamples.Id;
    private const string OtherId = CgroupExamples.OtherId;
    private const string Uid = CgroupExamples.Uid;
    private const string OtherUid = "00000000-1c2d-4e5f-8a9b-0c1d2e3f4a5b";
    private readonly PassFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_group_in_two_pods_is_two_series_and_one_elsewhere_has_no_such_labels()
    {
        With(10, Pod(Uid, Id), "nginx");
        With(11, Pod(Uid, Id), "nginx");
        With(12, Pod(OtherUid, OtherId), "nginx");
        With(13, "/system.slice/nginx.service", "nginx");
        Log(Uid, "web-0", Id);
        Log(OtherUid, "web-1", OtherId);
        _fixture.Name();

        Snapshot snapshot = _fixture.Run();

        Assert.Equal(
            [new SeriesLabels("nginx"), new SeriesLabels("nginx", null, "prod", "web-0", "app"), new SeriesLabels("nginx", null, "prod", "web-1", "app")],
            snapshot.Series.Select(static series => series.Labels));
        Assert.Equal([1, 2, 1], snapshot.Series.Select(static series => series.Processes));
        Assert.Equal(["nginx.service", null, null], snapshot.Series.Select(static series => series.Unit));
        Assert.Equal([null, Id, OtherId], snapshot.Series.Select(static series => series.ContainerId));
        Assert.Equal((2, 2, 0), (snapshot.Identity.Pods, snapshot.Identity.Containers, snapshot.Identity.UnnamedPods));
    }

    [Fact]
    public async Task A_new_container_waits_one_pass_for_its_names_and_has_none_of_the_nameless_series()
    {
        With(10, Pod(Uid, Id), "nginx");
        Log(Uid, "web-0", Id);
        _fixture.Name();
        _fixture.Run();
        With(12, Pod(OtherUid, OtherId), "nginx");
        Log(OtherUid, "web-1", OtherId);

        Snapshot first = _fixture.Run();
        Assert.Equal("web-0", Assert.Single(first.Series).Labels.Pod);
        Assert.Equal(1, first.Unmatched);
        await UntilAsync(() => _fixture.Lookups.Names.Pods == 2);
        Assert.Equal(["web-0", "web-1"], _fixture.Run().Series.Select(static series => series.Labels.Pod));
    }

    [Fact]
    public async Task A_container_whose_names_come_late_is_counted_without_them_and_moves_with_its_rollup()
    {
        With(10, Pod(Uid, Id), "nginx");
        _fixture.Name();
        SeriesSnapshot before = Assert.Single(_fixture.Run().Series);
        Assert.Equal((new SeriesLabels("nginx"), 1), (before.Labels, before.Measured));
        Assert.Equal(1, _fixture.Run().Identity.UnnamedPods);

        Log(Uid, "web-0", Id);
        await UntilAsync(() => _fixture.Lookups.Names.Pods == 1);
        SeriesSnapshot after = Assert.Single(_fixture.Run().Series);

        Assert.Equal((new SeriesLabels("nginx", null, "prod", "web-0", "app"), 1), (after.Labels, after.Measured));
    }

    [Fact]
    public void Counters_of_a_pod_begin_with_what_its_members_do_in_it()
    {
        With(10, Pod(Uid, Id), "nginx");
        Log(Uid, "web-0", Id);
        _fixture.Name();
        long before = Assert.Single(_fixture.Run().Series).MinorFaults;
        With(10, Pod(Uid, Id), "nginx", faults: 205);
        Assert.Equal(before + 100, Assert.Single(_fixture.Run().Series).MinorFaults);
        _fixture.Tree.Remove(10);
        Assert.Empty(_fixture.Run().Series);

        // The container is started again: another id, the same names.
        With(20, Pod(Uid, OtherId), "nginx");
        _fixture.Tree.With($"log/containers/web-0_prod_app-{OtherId}.log", "");
        Assert.True(SpinUntil(() => _fixture.Run().Series is [{ Labels.Container: "app", MinorFaults: var faults }] && faults == before + 100));
    }

    [Fact]
    public void Rules_select_by_unit_namespace_pod_and_container()
    {
        _fixture.Configure(PassFixture.Setup(false, null, null,
            new RuleOptions { Name = "units", Unit = ["postgresql@*.service"] },
            new RuleOptions { Name = "production", Namespace = ["pro?"], Pod = ["web-*"], Container = ["app"] },
            new RuleOptions { Name = "docker", Container = [Id[..12]] },
            new RuleOptions { Name = "user", Unit = ["app-*.scope"] },
            new RuleOptions { Name = "named", Pod = ["*"] }));
        With(1, "/system.slice/system-postgresql.slice/postgresql@15-main.service", "postgres");
        With(2, "/system.slice/ssh.service", "sshd");
        With(3, Pod(OtherUid, OtherId), "nginx");
        With(4, $"/system.slice/docker-{Id}.scope", "redis");
        With(5, "/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.scope", "x");
        With(6, Pod(Uid, new string('0', 64)), "unknown");
        Log(OtherUid, "web-1", OtherId);
        _fixture.Name();

        Snapshot snapshot = _fixture.Run();

        Assert.Equal(["docker", "production", "units", "user"], snapshot.Groups().Order());
        Assert.Equal(2, snapshot.Unmatched);
    }

    [Fact]
    public void A_child_joins_its_ancestor_s_group_under_its_own_pod()
    {
        _fixture.Configure(PassFixture.Setup(true, null, null, new RuleOptions { Name = "all", Comm = ["shim"] }));
        With(10, "/system.slice/containerd.service", "shim");
        With(11, Pod(Uid, Id), "nginx", parent: 10);
        Log(Uid, "web-0", Id);
        _fixture.Name();

        Assert.Equal([null, "web-0"], _fixture.Run().Series.Where(static series => series.Labels.Group == "all").Select(static series => series.Labels.Pod));
    }

    [Fact]
    public void The_limit_of_groups_counts_a_group_once_for_each_container()
    {
        _fixture.Configure(PassFixture.Setup(limits: new LimitOptions { Groups = 2 }, rules: [new RuleOptions { Name = "all", Comm = ["nginx"] }]));
        for (int i = 0; i < 4; i++)
        {
            string id = Id[..63] + i;
            With(10 + i, Pod(Uid[..35] + i, id), "nginx");
            Log(Uid[..35] + i, $"web-{i}", id);
        }

        _fixture.Name();
        Snapshot snapshot = _fixture.Run();

        Assert.Equal([("all", "web-0", 1), ("all", "web-1", 1), ("other", null, 2)],
            snapshot.Series.Select(static series => (series.Labels.Group, series.Labels.Pod, series.Processes)));
        Assert.Equal(2, snapshot.Truncations[Truncation.Groups]);
    }

    [Fact]
    public void A_container_without_Kubernetes_has_a_label_on_processes_only_when_that_is_asked_for()
    {
        With(10, $"/system.slice/docker-{Id}.scope", "redis");
        Assert.Equal(new SeriesLabels("redis"), Assert.Single(_fixture.Run().Series).Labels);

        _fixture.Configure(PassSetup.Default with { ContainerId = ContainerIdLabel.All });
        Assert.Equal(new SeriesLabels("redis", Container: Id[..12]), Assert.Single(_fixture.Run().Series).Labels);
    }

    [Fact]
    public void A_process_that_is_moved_to_another_cgroup_without_exec_is_found_there_after_a_while()
    {
        _fixture.Configure(PassFixture.Setup(false, null, null,
            new RuleOptions { Name = "a", Unit = ["a.service"] }, new RuleOptions { Name = "b", Unit = ["b.service"] }));
        With(10, "/system.slice/a.service", "x");
        Assert.Equal(["a"], _fixture.Run().Groups());
        With(10, "/system.slice/b.service", "x");

        Assert.True(SpinUntil(() => _fixture.Run().Groups() is ["b"], passes: 5));
    }

    [Fact]
    public void An_unreadable_cgroup_is_nobody_s()
    {
        With(10, "/", "x");
        _fixture.Tree.With(11, "stat", (new StatLine { Pid = 11, Comm = "y" }).ToBytes());

        Assert.Equal(["x", "y"], _fixture.Run().Groups());
        Assert.All(_fixture.Run().Series, static series => Assert.Null(series.Unit));
    }

    [Fact]
    public void A_shm_mount_is_its_pod_s_and_its_container_s_only_when_there_is_one()
    {
        KnownNames names = Names();
        Assert.Equal(("prod", "web-0", "app"), Owner(names, Pod(Uid, Id), Pod(Uid, new string('0', 64))));
        Assert.Equal(("prod", "web-0", null), Owner(names, Pod(Uid, Id), Pod(Uid, OtherId)));
        Assert.Equal(("prod", "web-0", null), Owner(names, Pod(Uid, new string('1', 64)), Pod(Uid, new string('0', 64))));
        Assert.Equal((null, null, null), Owner(names, Pod(Uid, Id), Pod(OtherUid, new string('2', 64))));
        Assert.Equal((null, null, Id[..12]), Owner(KnownNames.None, $"/docker/{Id}", "/system.slice/ssh.service"));
        Assert.Equal((null, null, null), Owner(KnownNames.None, $"/docker/{Id}", $"/docker/{OtherId}"));
        Assert.Equal((null, null, null), Owner(KnownNames.None, Pod(Uid, Id)));
        Assert.Equal((null, null, null), Owner(KnownNames.None, "/system.slice/ssh.service"));
    }

    private static KnownNames Names()
    {
        FoundNames found = new();
        found.AddContainer(Id, "prod", "web-0", "app");
        found.AddContainer(OtherId, "prod", "web-0", "side");
        found.AddPod(Uid, "prod", "web-0");
        return new KnownNames([found]);
    }

    private static (string?, string?, string?) Owner(KnownNames names, params string[] cgroups)
    {
        ShmOwners owners = new() { ShowsContainerIds = true };
        CgroupCache cache = new();
        owners.Begin();
        ulong space = 1;
        foreach (string cgroup in cgroups)
        {
            owners.Take(space++, cache.Of(System.Text.Encoding.ASCII.GetBytes($"0::{cgroup}\n"), names, 1));
        }

        MapAgent.Shm.ShmMountValues mount = new() { Mount = "/dev/shm[0:7]", Spaces = [1, 2, 3] };
        MapAgent.Shm.ShmMountValues home = owners.Name(mount with { IsHome = true });
        Assert.Equal((null, null, null), (home.Namespace, home.Pod, home.Container));
        mount = owners.Name(mount);
        return (mount.Namespace, mount.Pod, mount.Container);
    }

    private static string Pod(string uid, string id) => $"/kubepods/burstable/pod{uid}/{id}";

    private void With(int pid, string cgroup, string comm, int parent = 0, int faults = 105) => _fixture.Tree
        .WithProcess(pid, new StatLine { Comm = comm, Parent = parent, MinorFaults = faults.ToString(System.Globalization.CultureInfo.InvariantCulture) })
        .With(pid, "cgroup", $"0::{cgroup}\n");

    private void Log(string uid, string pod, string id) => _fixture.Tree
        .With($"log/pods/prod_{pod}_{uid}/app/0.log", "").With($"log/containers/{pod}_prod_app-{id}.log", "");

    private static Task UntilAsync(Func<bool> condition) => Task.Run(async () =>
    {
        for (int i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(condition());
    });

    private static bool SpinUntil(Func<bool> condition, int passes = 600)
    {
        for (int i = 0; i < passes; i++)
        {
            if (condition())
            {
                return true;
            }

            Task.Delay(passes > 100 ? 100 : 0).Wait();
        }

        return false;
    }
}
