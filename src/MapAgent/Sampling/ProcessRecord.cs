using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>What is remembered of one process from pass to pass. One object per process, reused in place.</summary>
internal sealed class ProcessRecord(ProcessId id)
{
    /// <summary>Who it is.</summary>
    public ProcessId Id { get; } = id;

    /// <summary>What shared memory remembers of it.</summary>
    public ShmMember Shm { get; } = new(id);

    /// <summary>The cgroup it was last seen in.</summary>
    public KnownCgroup Cgroup { get; set; } = KnownCgroup.Unread;

    /// <summary>Whose it was when it was matched; another than that of <see cref="Cgroup"/> once more is known.</summary>
    public ProcessIdentity Identity { get; set; } = ProcessIdentity.None;

    /// <summary>Passes since its cgroup was first read.</summary>
    public int CgroupPasses { get; set; }

    /// <summary>True in the pass in which its pod was first seen: it gets its place in the next one, when the names may be known.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The parent at the last pass.</summary>
    public int ParentPid { get; set; }

    /// <summary>Kernel threads are remembered only so that they are passed over.</summary>
    public bool IsKernelThread { get; set; }

    /// <summary>Inode number of a kernel thread's directory; 0 for all others.</summary>
    public ulong Inode { get; set; }

    /// <summary>False for zombies.</summary>
    public bool HasAddressSpace { get; set; }

    /// <summary>Changes with every exec that can be seen: start of code, start of stack; comm where the kernel hides them.</summary>
    public ulong Image { get; set; }

    /// <summary>Changes with comm, which a process may also set itself.</summary>
    public ulong Name { get; set; }

    /// <summary>How often it has named itself.</summary>
    public Renames Renames;

    /// <summary>What it would have a place of its own for, if a limit had left one.</summary>
    public Crowding CrowdedOut { get; set; }

    /// <summary>The rule set under which it was matched.</summary>
    public RuleSet? MatchedBy { get; set; }

    /// <summary>The rule that named its group, an ancestor's for children; null when unmatched.</summary>
    public Rule? Rule { get; set; }

    /// <summary>The sums it is counted in; null when unmatched.</summary>
    public Series? Series { get; set; }

    /// <summary>Number of the pass that saw it last.</summary>
    public long SeenInPass { get; set; }

    /// <summary>The kernel's name of it.</summary>
    public Comm Comm;

    /// <summary>Its faults.</summary>
    public FaultCounters Faults;

    /// <summary>CPU ticks at the last pass.</summary>
    public ulong CpuTicks { get; set; }

    /// <summary>Resident bytes by <c>stat</c>.</summary>
    public long ResidentBytes { get; set; }

    /// <summary>Bytes of address space by <c>stat</c>.</summary>
    public long VirtualBytes { get; set; }

    /// <summary>True when <see cref="Rollup"/> holds a measurement.</summary>
    public bool HasRollup { get; set; }

    /// <summary>The last rollup that was read.</summary>
    public SmapsRollup Rollup;

    /// <summary>What the turns remember.</summary>
    public RollupTurn Turn;

    /// <summary>What the deep reads remember.</summary>
    public DeepState Deep;

    /// <summary>Number of the last pass that read its rollup because it had changed.</summary>
    public long BusyInPass { get; set; }

    /// <summary>True once it was listed as a giant.</summary>
    public bool IsListed { get; set; }

    /// <summary>When it was read, as a timestamp of the clock.</summary>
    public long RollupAt { get; set; }

    /// <summary>Why there is none, while <see cref="HasRollup"/> is false.</summary>
    public Unmeasured Why { get; set; } = Unmeasured.Budget;
}
