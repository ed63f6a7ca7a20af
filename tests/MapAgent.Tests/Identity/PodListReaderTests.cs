using System;
using System.IO;
using System.Linq;
using System.Text;
using MapAgent.Identity;
using MapAgent.Tests.Fuzz;
using Xunit;

namespace MapAgent.Tests.Identity;

public sealed class PodListReaderTests
{
    private const string Id = CgroupExamples.Id;
    private const string Uid = CgroupExamples.Uid;

    private static CgroupFacts Pod(string uid) => CgroupFacts.None with { PodUid = uid };

    private static readonly string s_good = """
        {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1","nested":{"name":"no"}},"items":[
          {"metadata":{"name":"web-0","namespace":"prod","uid":"{{Uid}}","labels":{"name":"wrong","namespace":"wrong","uid":"wrong"},
             "annotations":{"a":"{\"name\":\"x\"}"},
             "ownerReferences":[{"name":"wrong","uid":"wrong"}],"managedFields":[{"fieldsV1":{"f:metadata":{"name":"wrong"}}}]},
           "spec":{"containers":[{"name":"wrong","containerID":"wrong"}],"nodeName":"n"},
           "status":{"phase":"Running","conditions":[{"name":"wrong"}],
             "initContainerStatuses":[{"name":"init","containerID":"containerd://{{Other}}"}],
             "containerStatuses":[
               {"containerID":"containerd://{{Id}}","state":{"running":{"name":"wrong","containerID":"wrong"}},"lastState":{},"name":"app","ready":true},
               {"name":"waiting","containerID":"","state":{"waiting":{"reason":"x"}}},{"name":"never"}]}},
          {"metadata":{"name":"etcd-node1","namespace":"kube-system","uid":"11111111-1111-1111-1111-111111111111",
             "annotations":{"kubernetes.io/config.hash":"{{Static}}","kubernetes.io/config.mirror":"{{Static}}"}},"status":{}}
        ]}
        """.Replace("{{Uid}}", Uid, StringComparison.Ordinal).Replace("{{Id}}", Id, StringComparison.Ordinal)
        .Replace("{{Other}}", CgroupExamples.OtherId, StringComparison.Ordinal).Replace("{{Static}}", CgroupExamples.StaticUid, StringComparison.Ordinal);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public void Names_and_ids_are_found_whatever_the_pieces(int piece)
    {
        FoundNames found = new();

        Assert.Equal(LookupOutcome.Ok, Read(s_good, found, piece));
        Assert.Equal(0, found.Refused);
        Assert.Equal(new ContainerName(new PodName("prod", "web-0"), "app"), found.Containers[Id]);
        Assert.Equal("init", found.Containers[CgroupExamples.OtherId].Name);
        Assert.Equal(2, found.Containers.Count);
        Assert.Equal(new PodName("prod", "web-0"), found.Pods[Uid]);
        Assert.Equal(new PodName("kube-system", "etcd-node1"), Assert.Single(found.Mirrors, static mirror => mirror.Key == CgroupExamples.StaticUid).Value);
        Assert.Equal(2, found.Pods.Count);
        Assert.Equal("etcd-node1", new KnownNames([found]).Of(Pod(CgroupExamples.StaticUid)).Pod);
    }

    [Theory]
    // Of a pod that has the uid itself.
    [InlineData(Uid, "x")]
    [InlineData(CgroupExamples.StaticUid, "etcd-node1", "x")]
    [InlineData(CgroupExamples.StaticUid, "x", "etcd-node1")]
    // Of one that is no mirror.
    [InlineData("", "x")]
    public void An_annotation_takes_no_name_from_another_pod(string uidOfAnother, params string[] claims)
    {
        string hash = uidOfAnother.Length > 0 ? uidOfAnother : CgroupExamples.StaticUid;
        string mirror = uidOfAnother.Length > 0 ? hash : "";
        string pods = string.Join(',', claims.Select(claim => $$$"""
            {"metadata":{"name":"{{{claim}}}","namespace":"evil","uid":"11111111-1111-1111-1111-111111111111",
             "annotations":{"kubernetes.io/config.hash":"{{{hash}}}","kubernetes.io/config.mirror":"{{{mirror}}}"}},"status":{}}
            """));
        FoundNames found = new();

        Assert.Equal(LookupOutcome.Ok, Read($$$"""{"items":[{"metadata":{"name":"web-0","namespace":"prod","uid":"{{{Uid}}}"},"status":{}},{{{pods}}}]}""", found));
        KnownNames names = new([found]);
        Assert.Equal("web-0", names.Of(Pod(Uid)).Pod);
        // Whose a hash is that two claim, nobody knows.
        Assert.Null(names.Of(Pod(CgroupExamples.StaticUid)).Pod);
    }

    [Fact]
    public void A_container_is_of_the_pod_that_lists_it()
    {
        FoundNames found = new();
        found.AddContainer(Id, "prod", "web-0", "app");
        found.AddPod(Uid, "evil", "x");
        Assert.Equal("web-0", new KnownNames([found]).Of(CgroupFacts.None with { PodUid = Uid, ContainerId = Id }).Pod);
    }

    [Theory]
    [InlineData("""{"items":null}""", "ok")]
    [InlineData("""{"items":[]}""", "ok")]
    [InlineData("", "malformed")]
    [InlineData("null", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("<html>", "malformed")]
    [InlineData("""{"kind":"Status","message":"no"}""", "malformed")]
    [InlineData("""{"items":[{"metadata":{"name":"a""", "malformed")]
    [InlineData("""{"items":[]}garbage""", "malformed")]
    public void What_is_no_whole_list_is_malformed(string text, string outcome) =>
        Assert.Equal(outcome, Read(text, new FoundNames()).Label());

    [Fact]
    public void A_list_that_ends_early_is_malformed_wherever_it_ends()
    {
        for (int length = 0; length < s_good.TrimEnd().Length; length++)
        {
            Assert.Equal(LookupOutcome.Malformed, Read(s_good[..length], new FoundNames()));
        }
    }

    [Fact]
    public void Hostile_names_are_refused_and_counted()
    {
        FoundNames found = new();
        string text = """
            {"items":[{"metadata":{"name":"{{Long}}","namespace":"prod","uid":"{{Uid}}"}},
              {"metadata":{"name":"a\u0000b","namespace":"prod","uid":"{{Uid}}"}}, {"metadata":{"name":7,"namespace":[],"uid":{}}}, {},
              {"metadata":{"name":"good","namespace":"../..","uid":"{{Uid}}"},"status":{"containerStatuses":[{"name":"c","containerID":"x://{{Id}}"}]}}]}
            """.Replace("{{Uid}}", Uid, StringComparison.Ordinal).Replace("{{Id}}", Id, StringComparison.Ordinal)
            .Replace("{{Long}}", new string('a', 10_000), StringComparison.Ordinal);

        Assert.Equal(LookupOutcome.Ok, Read(text, found));
        Assert.Equal((0, 0, 6), (found.Pods.Count, found.Containers.Count, found.Refused));
    }

    [Fact]
    public void Too_much_is_too_large_and_a_long_annotation_is_not()
    {
        string annotation = new('x', 200_000);
        string text = s_good.Replace("\"a\":", $"\"b\":\"{annotation}\",\"a\":", StringComparison.Ordinal);

        Assert.Equal(LookupOutcome.Ok, Read(text, new FoundNames()));
        Assert.Equal(LookupOutcome.TooLarge, Read(text, new FoundNames(), most: 100_000));
        Assert.Equal(LookupOutcome.TooLarge, Read("{\"items\":[\"" + new string('x', 5 << 20), new FoundNames()));
        Assert.Equal(LookupOutcome.Malformed, Read(new string('[', 1000), new FoundNames()));
    }

    [Fact]
    public void Mutated_lists_never_throw_and_name_nothing_that_breaks_the_rules()
    {
        byte[] seed = Encoding.UTF8.GetBytes(s_good);
        Random random = new(20_261_103);
        int accepted = 0;
        for (int round = 0; round < 10_000; round++)
        {
            FoundNames found = new();
            using MemoryStream stream = new(Mutation.Of(seed, seed, random));
            accepted += new PodListReader(found).Read(stream) == LookupOutcome.Ok ? 1 : 0;
            foreach (ContainerName container in found.Containers.Values)
            {
                Assert.True(NameRules.IsLabel(container.Name) && NameRules.IsLabel(container.Pod!.Value.Namespace) && NameRules.IsPod(container.Pod.Value.Name));
            }
        }

        Assert.InRange(accepted, 100, 9_999);
    }

    private static LookupOutcome Read(string text, FoundNames found, int piece = int.MaxValue, int most = PodListReader.Bound)
    {
        using Pieces stream = new(Encoding.UTF8.GetBytes(text), piece);
        return new PodListReader(found, most).Read(stream);
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
