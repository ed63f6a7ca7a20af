using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using MapAgent.Procfs;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>The part of a pass that is about shared memory: who lives in which namespace, and how much of the budget it may take.</summary>
internal sealed class ShmTurn(ProcReader reader, TimeProvider clock, Truncations truncations)
{
    // A process may move to another namespace soon after its start; later hardly any does without exec.
    private const int Seldom = 64;

    private readonly ShmReading _reading = new(reader, clock);
    private readonly ShmOwners _owners = new();
    private int _labelLength;

    /// <summary>Who looks at the mounts between passes.</summary>
    public PeakWatch? Watch
    {
        set => _reading.Watch = value;
    }

    /// <summary>Puts options in force.</summary>
    public void Configure(PassSetup setup)
    {
        _reading.Configure(setup.Shm);
        _labelLength = setup.Limits.LabelLength;
        _owners.ShowsContainerIds = setup.ContainerId != ContainerIdLabel.None;
    }

    /// <summary>Starts a pass.</summary>
    public void Begin(long pass) => _reading.Begin(pass);

    /// <summary>Looks at the mounts of all living processes.</summary>
    /// <param name="processes">Those of the pass.</param>
    /// <param name="rollups">Keeps the books of the budget.</param>
    /// <param name="shmem">Shmem of meminfo; null where unknown.</param>
    public ShmValues Look(IEnumerable<ProcessRecord> processes, RollupReading rollups, long? shmem)
    {
        _owners.Begin();
        foreach (ProcessRecord process in processes)
        {
            if (!process.IsKernelThread && process.HasAddressSpace)
            {
                Take(process.Shm);
                _owners.Take(process.Shm.MountNamespace, process.Cgroup);
            }
        }

        long spent = _reading.CpuNanoseconds;
        ShmValues values = _reading.Close(rollups.OtherShare, shmem);
        rollups.Spend(_reading.CpuNanoseconds - spent);
        truncations.Set(Truncation.Shm, values.Truncations);
        return values with { Mounts = [.. values.Mounts.Select(_owners.Name).Select(Bound)] };
    }

    private void Take(ShmMember member)
    {
        int passes = ++member.Passes;
        bool asks = (BitOperations.IsPow2(passes) && passes < Seldom) || (passes + member.Id.Pid) % Seldom == 0;
        if (asks && reader.Open(member.Id.Pid, out ProcessDirectory directory) == ReadOutcome.Ok)
        {
            using (directory)
            {
                _reading.Learn(member, directory);
            }
        }

        _reading.Take(member);
    }

    private ShmMountValues Bound(ShmMountValues mount)
    {
        string label = LabelText.Bound(mount.Mount, _labelLength, out bool cut);
        if (!cut)
        {
            return mount;
        }

        // What is cut off may be all that tells two mounts apart.
        truncations.Record(Truncation.Label);
        string device = $"[{mount.Device}]";
        return mount with { Mount = LabelText.Bound(label, Math.Max(0, _labelLength - device.Length), out _) + device };
    }
}
