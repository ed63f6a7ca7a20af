using MapAgent.Host;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Host;

public sealed class AgentReadingTests
{
    private static readonly SystemFacts s_facts = new(4096, 100, 1_000);

    [Fact]
    public void A_tree_without_a_self_gives_nulls()
    {
        using ProcTree tree = new ProcTree().WithNode().WithProcess(42);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(new AgentValues(), AgentReading.Read(reader, s_facts));
        Assert.Equal(0, reader.Ledger.Reads(ProcFile.Stat, ReadOutcome.Gone));
    }

    [Fact]
    public void Self_gives_the_agents_own_numbers()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).WithSelf(42, descriptors: 9);
        using ProcReader reader = new(tree.Root);
        Assert.Equal(
            new AgentValues { CpuSeconds = 0.1, ResidentBytes = 331 * 4096, VirtualBytes = 2_752_512, OpenDescriptors = 8, StartTime = 1012.34 },
            AgentReading.Read(reader, s_facts));
    }

    [Fact]
    public void What_is_malformed_is_unknown_and_the_rest_stays()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).With(42, "stat", "42 (x").WithSelf(42, descriptors: 2);
        using ProcReader reader = new(tree.Root);
        AgentValues agent = AgentReading.Read(reader, s_facts);
        Assert.Null(agent.CpuSeconds);
        Assert.Null(agent.StartTime);
        Assert.Equal(331 * 4096, agent.ResidentBytes);
        Assert.Equal(1, reader.Ledger.Reads(ProcFile.Stat, ReadOutcome.Malformed));
    }

    [Fact]
    public void Without_a_list_of_descriptors_their_number_is_unknown()
    {
        using ProcTree tree = new ProcTree().WithProcess(42).WithSelf(42, descriptors: 0);
        using ProcReader reader = new(tree.Root);
        AgentValues agent = AgentReading.Read(reader, s_facts);
        Assert.Null(agent.OpenDescriptors);
        Assert.NotNull(agent.CpuSeconds);
    }

    [Fact]
    public void On_the_real_kernel_every_number_is_known()
    {
        using ProcReader reader = new(ProcRoot.Default);
        AgentValues agent = AgentReading.Read(reader, SystemFacts.Read(reader));
        Assert.True(agent.CpuSeconds > 0);
        Assert.InRange(agent.ResidentBytes!.Value, 1, agent.VirtualBytes!.Value);
        Assert.True(agent.OpenDescriptors > 3);
        Assert.NotNull(agent.StartTime);
    }
}
