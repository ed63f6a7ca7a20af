using MapAgent.Identity;
using Xunit;

namespace MapAgent.Tests.Identity;

public sealed class NameRulesTests
{
    private const string Id = CgroupExamples.Id;
    private const string Uid = CgroupExamples.Uid;

    [Theory]
    [InlineData("default", true)]
    [InlineData("a", true)]
    [InlineData("kube-system", true)]
    [InlineData("0numbers9", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("Upper", false)]
    [InlineData("a.b", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\"b", false)]
    [InlineData("\uFFFD", false)]
    public void A_label_is_what_Kubernetes_takes_for_one(string name, bool good) => Assert.Equal(good, NameRules.IsLabel(name));

    [Fact]
    public void Lengths_are_those_of_Kubernetes()
    {
        Assert.True(NameRules.IsLabel(new string('a', 63)));
        Assert.False(NameRules.IsLabel(new string('a', 64)));
        Assert.True(NameRules.IsPod(new string('a', 253)));
        Assert.False(NameRules.IsPod(new string('a', 254)));
        Assert.False(NameRules.IsPod(new string('a', 10_000)));
    }

    [Theory]
    [InlineData("web-7d4b9c8f6d-x2x9k", true)]
    [InlineData("etcd-node1.example.com", true)]
    [InlineData("a..b", false)]
    [InlineData("a.-b", false)]
    [InlineData("..", false)]
    [InlineData("a_b", false)]
    public void A_pod_is_labels_parted_by_dots(string name, bool good) => Assert.Equal(good, NameRules.IsPod(name));

    [Fact]
    public void Names_of_log_files_give_names_and_ids()
    {
        FoundNames found = new();
        LogNames.TakeContainer($"web-7d4b9c8f6d-x2x9k_prod_app-{Id}.log", found);
        LogNames.TakePod($"prod_web-7d4b9c8f6d-x2x9k_{Uid}", found);
        LogNames.TakePod($"kube-system_etcd-node1_{CgroupExamples.StaticUid}", found);

        Assert.Equal(0, found.Refused);
        Assert.Equal(new ContainerName(new PodName("prod", "web-7d4b9c8f6d-x2x9k"), "app"), found.Containers[Id]);
        Assert.Equal(new PodName("prod", "web-7d4b9c8f6d-x2x9k"), found.Pods[Uid]);
        Assert.Equal(new PodName("kube-system", "etcd-node1"), found.Pods[CgroupExamples.StaticUid]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".log")]
    [InlineData("README")]
    [InlineData("pod_ns_container-0123.log")]
    [InlineData($"_prod_app-{Id}.log")]
    [InlineData($"pod_prod_..-{Id}.log")]
    [InlineData($"pod_PROD_app-{Id}.log")]
    [InlineData($"pod_prod_app_more-{Id}.log")]
    [InlineData($"pod_prod_app{Id}.log")]
    [InlineData($"pod_prod_a\u001b[2J-{Id}.log")]
    [InlineData($"pod_prod_app-{Id}.log.1")]
    public void Other_names_of_files_are_refused_and_counted(string name)
    {
        FoundNames found = new();
        LogNames.TakeContainer(name, found);
        LogNames.TakePod(name, found);

        Assert.Equal((2, 0, 0), (found.Refused, found.Containers.Count, found.Pods.Count));
    }

    [Theory]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/containers/app/0a1b2c3d", "app")]
    [InlineData($"/pods/{Uid}/containers/app/0a1b2c3d", "app")]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/etc-hosts", null)]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/containers/app", null)]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/containers/app/a/b", null)]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/containers//a", null)]
    [InlineData($"/var/lib/kubelet/pods/00000000-1c2d-4e5f-8a9b-0c1d2e3f4a5b/containers/app/0a1b2c3d", null)]
    [InlineData($"/var/lib/kubelet/pods/{Uid}/volume-subpaths/config/app/0", null)]
    [InlineData("/", null)]
    public void The_root_of_a_mount_names_the_container_of_the_pod_that_it_must_be(string root, string? name)
    {
        bool found = MountNames.TryName(System.Text.Encoding.ASCII.GetBytes(root), Uid, out System.ReadOnlySpan<byte> text);

        Assert.Equal(name, found ? System.Text.Encoding.ASCII.GetString(text) : null);
    }

    [Fact]
    public void Sources_are_put_together_and_the_more_trusted_wins()
    {
        FoundNames mounts = new();
        mounts.AddContainer(Id, "from-mounts");
        mounts.AddContainer(CgroupExamples.OtherId, "side");
        FoundNames logs = new();
        logs.AddContainer(Id, "prod", "web-0", "from-logs");
        logs.AddPod(Uid, "prod", "web-0");
        KnownNames names = new([mounts, logs]);

        ProcessIdentity identity = names.Of(new CgroupFacts { ContainerId = Id });
        Assert.Equal(("prod", "web-0", "from-logs"), (identity.Namespace, identity.Pod, identity.Container));
        ProcessIdentity side = names.Of(new CgroupFacts { ContainerId = CgroupExamples.OtherId, PodUid = Uid });
        Assert.Equal(("prod", "web-0", "side"), (side.Namespace, side.Pod, side.Container));
        Assert.Equal(new ProcessIdentity(CgroupFacts.None), names.Of(CgroupFacts.None));
    }

    [Fact]
    public void No_more_names_are_kept_than_the_bound()
    {
        FoundNames found = new();
        for (int i = 0; i <= FoundNames.Bound; i++)
        {
            found.AddContainer(i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), "ns", "pod", "c");
        }

        Assert.Equal((FoundNames.Bound, true, 0), (found.Containers.Count, found.IsFull, found.Refused));
    }
}
