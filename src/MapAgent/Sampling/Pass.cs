using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MapAgent.Host;
using MapAgent.Identity;
using MapAgent.Procfs;
using MapAgent.Selection;
using MapAgent.Shm;

namespace MapAgent.Sampling;

/// <summary>
/// One round of measuring after another, never two at once: list, <c>stat</c> of all, select, rollups, sums, snapshot. Owned by
/// one thread. In steady state nothing is allocated for a process.
/// </summary>
internal sealed class Pass
{
    private readonly ProcReader _reader;
    private readonly SystemFacts _system;
    private readonly TimeProvider _clock;
    private readonly Matching _matching;
    private readonly RollupReading _rollups;
    private readonly PassTimes _times;
    private readonly ShmTurn _shm;
    private readonly NodeFaults _nodeFaults;
    private readonly DeepReading _deep;
    private readonly StormFiles _storms;
    private readonly Truncations _truncations = new();
    private readonly GroupTable _groups;
    private readonly PidList _pids = new();
    private readonly Dictionary<int, ProcessRecord> _processes = [];
    private readonly Placing _placing;
    private readonly Summing _summing;
    private readonly IdentityTurn _identities;
    private readonly WallClock _wallClock;
    private PassSetup _setup = PassSetup.Default;
    private DateTimeOffset _configuredAt;
    private long _number;
    private long _started;
    private long _cpuNanoseconds;
    private TimeSpan _matched;

    /// <summary>A pass over one procfs root.</summary>
    public Pass(ProcReader reader, SystemFacts system, TimeProvider clock, UserNames users, PassTimes times, Lookups? lookups = null)
    {
        _reader = reader;
        _system = system;
        _clock = clock;
        _times = times;
        _wallClock = new WallClock(clock);
        _identities = new IdentityTurn(reader, lookups);
        _matching = new Matching(reader, system, users, _identities);
        _rollups = new RollupReading(reader, system, clock, times);
        _groups = new GroupTable(_truncations, clock);
        _summing = new Summing(_groups, _rollups, system);
        _placing = new Placing(_groups, _processes, _rollups);
        _nodeFaults = new NodeFaults(system, clock);
        _deep = new DeepReading(reader, clock);
        _storms = new StormFiles(reader.Root, system, _truncations);
        _shm = new ShmTurn(reader, clock, _truncations);
    }

    /// <summary>Who looks at the shm mounts between passes, if anybody.</summary>
    public PeakWatch? Watch { set => _shm.Watch = value; }

    /// <summary>What those who ask between passes may take of the budget.</summary>
    public OnDemandBudget OnDemand { get; } = new();

    /// <summary>Reads the memory cgroups of containers, if anybody.</summary>
    public CgroupTurn? Containers { private get; set; }

    /// <summary>Who counts stalls between passes, if anybody.</summary>
    public StallWatch? Stalls { get; set; }

    /// <summary>Replaces the rules and limits; every process is matched anew in the next pass.</summary>
    public void Configure(PassSetup setup)
    {
        _setup = setup;
        _configuredAt = _clock.GetUtcNow();
        _shm.Configure(setup);
        _groups.Limits = setup.Limits;
        bool showsIds = setup.ContainerId == ContainerIdLabel.All;
        foreach (ProcessRecord process in showsIds == _groups.ShowsContainerIds ? [] : _processes.Values.ToArray())
        {
            process.MatchedBy = null;
        }

        _groups.ShowsContainerIds = showsIds;
    }

    /// <summary>Runs one pass.</summary>
    /// <param name="skipped">Passes left out so far, for the books.</param>
    /// <param name="reloadSucceeded">How the last reload ended, for the books.</param>
    public Snapshot Run(long skipped = 0, bool reloadSucceeded = true)
    {
        _started = _clock.GetTimestamp();
        long cpu = ThreadClock.Nanoseconds();
        _number++;
        _matched = TimeSpan.Zero;
        if (_wallClock.WasSet())
        {
            _system.ReadBootTime(_reader);
        }

        if (_reader.Ledger.Record(ProcFile.Root, _reader.List(_pids)) != ReadOutcome.Ok)
        {
            // Without the list every process would seem to have ended.
            throw new IOException($"cannot list {_reader.Root.Path} (errno {_reader.LastFailure})");
        }

        _truncations.Record(Truncation.Processes, _pids.Dropped);
        _rollups.UptimeSeconds = HostReading.Uptime(_reader);
        _rollups.Begin(_number, _setup.Sampling);
        _rollups.Spend(OnDemand.Close());
        _shm.Begin(_number);
        _identities.Begin(_number);
        for (int i = 0; i < _pids.Count; i++)
        {
            Visit(_pids.Pids[i], _pids.Inodes[i]);
        }

        Sweep();
        IdentityValues identity = _identities.Close(_processes.Values);
        _placing.Go(_setup.Rules.Children);
        _rollups.ReadLanes();
        _deep.Go(_processes.Values, _setup, _rollups);
        _truncations.Set(Truncation.Mappings, _deep.Truncations);
        _storms.Collect(_reader.Ledger, _rollups);
        List<Giant> giants = [];
        HostValues host = HostReading.Read(_reader, _system) with { SomeStalls = Stalls?.Some.Count, FullStalls = Stalls?.Full.Count };
        SeriesSnapshot[] series = _summing.Go(_processes.Values, giants, _nodeFaults.Since(host), _setup);
        IReadOnlyList<ContainerMemory> containers = Containers?.Read(_processes.Values, _setup, _rollups) ?? [];
        _storms.Go(_processes.Values, series, _setup, _rollups);
        ShmValues shm = _shm.Look(_processes.Values, _rollups, host.ShmemBytes);
        OnDemand.Open(_rollups.Remaining);
        AgentValues agent = AgentReading.Read(_reader, _system);
        _truncations.Set(Truncation.Cmdline, _reader.Ledger.Cut(ProcFile.Cmdline));
        _truncations.Set(Truncation.File, _reader.Ledger.CutTotal - _reader.Ledger.Cut(ProcFile.Cmdline));
        _cpuNanoseconds += ThreadClock.Nanoseconds() - cpu;
        long ended = _clock.GetTimestamp();
        TimeSpan duration = _clock.GetElapsedTime(_started, ended);
        _times.Pass(duration.TotalSeconds);
        return new Snapshot
        {
            At = _clock.GetUtcNow(),
            Timestamp = ended,
            BootTime = _system.BootTime,
            Series = series,
            Host = host,
            Containers = containers,
            Shm = shm,
            Identity = identity,
            MappingsLimit = _deep.MappingsLimit,
            DeepCpuSeconds = (_deep.CpuNanoseconds / 1e9) + shm.CpuSeconds,
            Agent = agent,
            Reads = _reader.Ledger.Copy(),
            Truncations = _truncations.Copy(),
            Duration = duration,
            PassCpuSeconds = _cpuNanoseconds / 1e9,
            RollupCpuSeconds = _rollups.CpuNanoseconds / 1e9,
            Passes = _number,
            SkippedPasses = skipped,
            Sampling = _setup.Sampling,
            Processes = _summing.Processes,
            Unmatched = _summing.Unmatched,
            Giants = giants,
            ReloadSucceeded = reloadSucceeded,
            ConfiguredAt = _configuredAt,
        };
    }

    private void Visit(int pid, ulong inode)
    {
        ProcessRecord? known = _processes.GetValueOrDefault(pid);
        if (known is { IsKernelThread: true, Inode: > 0 } && inode == known.Inode)
        {
            // Nothing about it changes that anybody asks for; there are hundreds of them on a large node.
            known.SeenInPass = _number;
            return;
        }

        if (known is { IsKernelThread: false } && ReferenceEquals(known.MatchedBy, _setup.Rules)
            && ReferenceEquals(known.Identity, known.Cgroup.Identity))
        {
            // The expensive read comes first and the identity is checked after it, with the stat that is needed anyway.
            bool early = _rollups.ReadEarly(known);
            ReadOutcome outcome = _reader.ReadStat(pid, out Stat seen);
            if (outcome == ReadOutcome.Ok && known.Id.StartTicks == seen.StartTicks && known.Image == seen.Image && !known.Renames.Counts(known.Name, seen.Name, _number))
            {
                Update(known, seen);
                if (!early || !_rollups.AcceptEarly(known))
                {
                    _rollups.Consider(known);
                }

                _identities.See(known);
                return;
            }

            if (early)
            {
                _rollups.RejectEarly();
            }

            if (outcome != ReadOutcome.Ok)
            {
                // The machine failed, not the process: it keeps its place and its last numbers.
                known.SeenInPass = outcome == ReadOutcome.Failed ? _number : known.SeenInPass;
                return;
            }
        }

        ReadOutcome opened = _reader.Open(pid, out ProcessDirectory directory);
        if (opened != ReadOutcome.Ok)
        {
            _reader.Ledger.Record(ProcFile.Stat, opened);
            return;
        }

        using (directory)
        {
            if (_reader.ReadStat(directory, out Stat stat) == ReadOutcome.Ok)
            {
                Visit(directory, stat, known);
            }
        }
    }

    private void Visit(in ProcessDirectory directory, scoped in Stat stat, ProcessRecord? known)
    {
        ProcessRecord process = Recognise(stat, known);
        ulong image = stat.Image;
        ulong name = stat.Name;
        Comm comm = Comm.Of(stat.Comm);
        bool matchAnew = process.Image != image || process.Renames.Counts(process.Name, name, _number) || !ReferenceEquals(process.MatchedBy, _setup.Rules)
            || !ReferenceEquals(process.Identity, process.Cgroup.Identity);
        Update(process, stat);
        if (process.IsKernelThread)
        {
            process.MatchedBy = _setup.Rules;
            process.Image = image;
            process.Name = name;
            process.Inode = InodeNumber.Of(directory);
            return;
        }

        if (!matchAnew)
        {
            _rollups.Visit(process, process.Rule, directory);
            return;
        }

        // Command lines are as long as their processes like, and expressions take their time with each.
        if (_matched > _setup.Sampling.Interval / 2)
        {
            _truncations.Record(Truncation.Matching);
            process.MatchedBy = null;
            return;
        }

        long matching = _clock.GetTimestamp();
        (Rule Rule, string Group)? match = _matching.Match(_setup.Rules, directory, stat, out KnownCgroup cgroup, out bool isSettled);
        _matched += _clock.GetElapsedTime(matching);
        process.Cgroup = cgroup;
        process.IsHeld = _identities.Holds(cgroup);
        if (process.IsHeld || (!isSettled && process.Series is not null))
        {
            // It stays where it is, and is asked again in the next pass.
            process.MatchedBy = null;
            return;
        }

        process.Identity = cgroup.Identity;

        process.Renames.Note(process.Name, name, _number);
        process.Name = name;
        process.Comm = comm;
        if (process.Image != image)
        {
            process.Renames = default;
            process.HasRollup = false;
            process.Why = Unmeasured.Budget;
            process.Turn.Reset();
            process.Deep = default;
            process.Image = image;
            process.Shm.Passes = 0;
        }

        process.MatchedBy = isSettled ? _setup.Rules : null;
        _placing.Add(process, match);
        if (match is not null)
        {
            _rollups.Visit(process, match.Value.Rule, directory);
        }
    }

    private ProcessRecord Recognise(scoped in Stat stat, ProcessRecord? known)
    {
        ProcessId id = new(stat.Pid, stat.StartTicks);
        if (known is not null && known.Id == id)
        {
            return known;
        }

        if (known is not null)
        {
            _groups.Leave(known);
        }

        ProcessRecord process = new(id) { Faults = new FaultCounters(stat, _started), Comm = Comm.Of(stat.Comm) };
        _processes[id.Pid] = process;
        return process;
    }

    private void Update(ProcessRecord process, scoped in Stat stat)
    {
        process.SeenInPass = _number;
        process.ParentPid = stat.ParentPid;
        process.IsKernelThread = stat.IsKernelThread;
        process.HasAddressSpace = stat.HasAddressSpace;
        process.ResidentBytes = stat.ResidentPages * _system.PageSize;
        process.VirtualBytes = (long)stat.VirtualBytes;
        process.CpuTicks = stat.CpuTicks;
        process.Faults.Take(stat, _started, _clock);
        process.Series?.AddFaults(process.Faults, _rollups.Age(process).TotalSeconds < FaultCauses.YoungSeconds);
    }

    private void Sweep()
    {
        foreach (ProcessRecord process in _processes.Values)
        {
            if (process.SeenInPass != _number)
            {
                _groups.Leave(process);
                _processes.Remove(process.Id.Pid);
            }
        }

        _groups.Forget();
        _placing.CallBack();
    }
}
