using System;
using System.Linq;
using System.Text;
using MapAgent.Identity;
using MapAgent.Tests.Fuzz;
using Xunit;

namespace MapAgent.Tests.Identity;

public sealed class CgroupFactsTests
{
    private const string Id = CgroupExamples.Id;

    public static TheoryData<string> Paths => [.. CgroupExamples.All.Select(static example => example.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_known_form_is_understood_under_v2_and_v1(string path)
    {
        CgroupFacts expected = CgroupExamples.All.Single(example => example.Path == path).Facts;
        string? memory = Facts($"0::{path}\n").MemoryPath;
        Assert.Equal(expected.ContainerId is null, memory is null);
        Assert.True(memory is null || (path.StartsWith(memory, StringComparison.Ordinal) && memory[memory.LastIndexOf('/')..].Contains(expected.ContainerId!, StringComparison.Ordinal)), memory);
        expected = expected with { MemoryPath = memory };

        Assert.Equal(expected, Facts($"0::{path}\n"));
        Assert.Equal(expected, Facts($"12:cpu,cpuacct:{path}\n9:memory:{path}\n1:name=systemd:{path}\n"));
        // Hybrid: only the controllers of v1 are used, v2 stays at the root.
        Assert.Equal(expected, Facts($"5:pids:/\n4:devices:/\n9:memory:{path}\n0::/\n"));
    }

    [Fact]
    public void Memory_is_where_its_controller_is()
    {
        string docker = $"/docker/{Id}";
        Assert.Equal(docker, Facts($"9:memory:{docker}\n0::/elsewhere/{Id}\n").MemoryPath);
        Assert.Null(Facts($"9:memory:/\n0::{docker}\n").MemoryPath);
        Assert.Equal(docker, Facts($"9:pids:/\n0::{docker}/init\n").MemoryPath);
        Assert.Equal($"/docker/{Id}/kubelet/{CgroupExamples.OtherId}", Facts($"0::/docker/{Id}/kubelet/{CgroupExamples.OtherId}/x\n").MemoryPath);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_parser_reads_what_the_regular_expressions_read(string path) => Compare(path);

    [Fact]
    public void Parts_put_together_at_random_are_read_as_the_regular_expressions_read_them()
    {
        string[] parts =
        [
            "/", "-", ":", ".", "_", ".scope", ".slice", "pod", "kubepods", "besteffort", "burstable", "docker", "cri-containerd", "crio-conmon", "libpod",
            "ecs", Id, CgroupExamples.Uid, CgroupExamples.Uid.Replace('-', '_'), CgroupExamples.StaticUid, "-123", "0", "a", "g", "..", "4b6cb9e1-1c2d_4e5f-8a9b-0c1d2e3f4a5b",
            "1234567890123456789012345678901234567890123456789012345678901234", " (deleted)", "x-", "/docker/", "/kubepods/", "/pod",
        ];
        Random random = new(20_261_101);
        int found = 0;
        for (int round = 0; round < 100_000; round++)
        {
            StringBuilder path = new("/");
            for (int left = random.Next(1, 9); left > 0; left--)
            {
                path.Append(parts[random.Next(parts.Length)]);
            }

            found += Compare(path.ToString()) ? 1 : 0;
        }

        Assert.InRange(found, 2_000, 99_000);
    }

    [Fact]
    public void Mutated_examples_never_throw_and_are_read_as_the_regular_expressions_read_them()
    {
        byte[][] seeds = [.. CgroupExamples.All.Select(static example => Encoding.Latin1.GetBytes(example.Path))];
        Random random = new(20_261_102);
        int found = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] path = Mutation.Of(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            found += Compare(Encoding.Latin1.GetString(path)) ? 1 : 0;
            CgroupFacts.Parse(path);
        }

        Assert.InRange(found, 200, 19_999);
    }

    [Fact]
    public void The_memory_hierarchy_says_the_container_and_systemd_s_own_the_unit()
    {
        CgroupFacts facts = Facts($"11:cpu:/docker/{CgroupExamples.OtherId}\n9:memory:/docker/{Id}\n1:name=systemd:/system.slice/docker.service\n0::/\n");

        Assert.Equal((Id, "docker.service"), (facts.ContainerId, facts.Unit));
    }

    [Fact]
    public void An_id_in_any_hierarchy_counts_more_than_a_pod_alone_in_memory_s()
    {
        CgroupFacts facts = Facts($"9:memory:/kubepods/pod{CgroupExamples.Uid}\n3:freezer:/kubepods/pod{CgroupExamples.Uid}/{Id}\n");

        Assert.Equal((Id, CgroupExamples.Uid), (facts.ContainerId, facts.PodUid));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("0:/a\n")]
    [InlineData("0::/system.slice/a.service")]
    public void Lines_that_are_cut_or_no_lines_say_nothing(string text) => Assert.Equal(CgroupFacts.None, Facts(text));

    [Fact]
    public void A_long_word_before_an_id_is_no_runtime_to_show()
    {
        Assert.Null(Facts($"0::/{new string('r', 33)}-{Id}\n").Runtime);
        Assert.Equal("my.runtime", Facts($"0::/my.runtime-{Id}\n").Runtime);
    }

    [Fact]
    public void Reading_a_path_allocates_nothing()
    {
        byte[][] paths = [.. CgroupExamples.All.Select(static example => Encoding.ASCII.GetBytes(example.Path))];
        int known = 0;
        Assert.Equal(0, Allocated(() =>
        {
            foreach (byte[] path in paths)
            {
                known += CgroupPath.Parse(path).IsKnownForm ? 1 : 0;
            }
        }));
        Assert.True(known > 0);
    }

    [Fact]
    public void A_known_text_allocates_nothing_and_is_the_same_object()
    {
        CgroupCache cache = new();
        byte[] text = Encoding.ASCII.GetBytes($"9:memory:/docker/{Id}\n0::/\n");
        KnownCgroup first = cache.Of(text, KnownNames.None, 1);

        Assert.Equal(0, Allocated(() => Assert.Same(first, cache.Of(text, KnownNames.None, 2))));
        Assert.Equal(1, first.NewInPass);
    }

    [Fact]
    public void A_cgroup_without_processes_is_forgotten_and_one_of_no_known_form_is_counted_once()
    {
        CgroupCache cache = new();
        cache.Of("0::/myapp\n"u8, KnownNames.None, 1);
        cache.Of("0::/myapp\n"u8, KnownNames.None, 1);
        cache.Of("0::/\n"u8, KnownNames.None, 1).SeenInPass = 2;
        cache.Sweep(2);

        Assert.Equal((1, 1), (cache.UnknownForms, cache.All.Count));
    }

    private static CgroupFacts Facts(string text) => CgroupFacts.Parse(Encoding.UTF8.GetBytes(text));

    private static long Allocated(Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static bool Compare(string path)
    {
        CgroupPath fast = CgroupPath.Parse(Encoding.Latin1.GetBytes(path));
        (string Id, string Runtime, string Pod, string Qos) read = (
            Encoding.Latin1.GetString(fast.ContainerId), Encoding.Latin1.GetString(fast.Runtime), Encoding.Latin1.GetString(fast.PodUid),
            fast.Qos.Text()?.ToLowerInvariant() ?? "");
        (string Id, string Runtime, string Pod, string Qos) slow = SlowCgroupPath.Read(path);
        Assert.True(slow == read, $"{path}: {slow} but {read}");
        return read.Id.Length + read.Pod.Length > 0;
    }
}
