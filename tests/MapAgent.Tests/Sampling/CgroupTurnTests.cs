using System;
using System.Linq;
using MapAgent.Host;
using MapAgent.Procfs;
using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

/// <summary>Containers' memory cgroups, over a tree of processes and a tree of cgroups.</summary>
public sealed class CgroupTurnTests : IDisposable
{
    private static readonly string s_id = new('a', 64);
    private static readonly string s_other = new('b', 64);
    private readonly ProcTree _cgroups = new ProcTree().With("cgroup.controllers", "memory\n");
    private readonly PassFixture _fixture = new();
    private readonly CgroupMemoryReading _reading;

    public CgroupTurnTests()
    {
        _reading = CgroupMemoryReading.Open(_cgroups.Path, _cgroups.Path, _fixture.Ledger);
        _fixture.Containers = new CgroupTurn(_reading, _fixture.Clock);
    }

    public void Dispose()
    {
        _reading.Dispose();
        _fixture.Dispose();
        _cgroups.Dispose();
    }

    [Fact]
    public void A_container_that_nobody_has_named_is_called_by_its_short_id_and_its_inner_cgroups_are_its_own()
    {
        Group($"docker/{s_id}", shmem: 4096, limit: "67108864");
        _fixture.Tree.WithProcess(10).With(10, "cgroup", $"0::/docker/{s_id}\n").WithProcess(11).With(11, "cgroup", $"0::/docker/{s_id}/init\n")
            .WithProcess(12).With(12, "cgroup", "0::/system.slice/ssh.service\n");
        ContainerMemory container = Assert.Single(_fixture.Run().Containers);
        Assert.Equal(new ContainerMemory(null, null, s_id[..12], new CgroupMemory(4096, 67_108_864, 8192, 5, 3)), container);
        Assert.Equal(1, _fixture.Ledger.Reads(ProcFile.MemoryStat, ReadOutcome.Ok));
    }

    [Fact]
    public void Where_no_ids_are_wanted_a_container_without_a_name_has_no_series()
    {
        Group($"docker/{s_id}", shmem: 4096, limit: "max");
        _fixture.Tree.WithProcess(10).With(10, "cgroup", $"0::/docker/{s_id}\n");
        _fixture.Configure(PassSetup.Default with { ContainerId = ContainerIdLabel.None });
        Assert.Empty(_fixture.Run().Containers);
    }

    [Fact]
    public void A_cgroup_that_cannot_be_read_has_no_value_and_one_that_ended_is_forgotten()
    {
        Group($"docker/{s_id}", shmem: 4096, limit: "max");
        _fixture.Tree.WithProcess(10).With(10, "cgroup", $"0::/docker/{s_id}\n").WithProcess(11).With(11, "cgroup", $"0::/docker/{s_other}\n");
        Assert.Equal(s_id[..12], Assert.Single(_fixture.Run().Containers).Container);
        Assert.Equal(1, _fixture.Ledger.Reads(ProcFile.MemoryStat, ReadOutcome.Gone));
        _fixture.Tree.Remove(10);
        Assert.Empty(_fixture.Run().Containers);
    }

    [Fact]
    public void When_the_budget_is_spent_nothing_is_read_and_nothing_is_told()
    {
        Group($"docker/{s_id}", shmem: 4096, limit: "max");
        _fixture.Tree.WithProcess(10).With(10, "cgroup", $"0::/docker/{s_id}\n");
        _fixture.Configure(PassSetup.Default with { Sampling = new SamplingOptions { CpuBudget = 0 } });
        Assert.Empty(_fixture.Run().Containers);
        Assert.Equal(0, Enum.GetValues<ReadOutcome>().Sum(outcome => _fixture.Ledger.Reads(ProcFile.MemoryStat, outcome)));
    }

    private void Group(string path, long shmem, string limit) => _cgroups
        .With($"{path}/memory.stat", $"shmem {shmem}\nworkingset_refault_anon 1\nworkingset_refault_file 2\npgmajfault 5\n")
        .With($"{path}/memory.max", limit + "\n").With($"{path}/memory.current", "8192\n");
}
