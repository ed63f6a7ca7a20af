using System;
using System.Collections.Generic;
using System.Numerics;
using MapAgent.Identity;
using MapAgent.Procfs;

namespace MapAgent.Sampling;

/// <summary>
/// The part of a pass that is about whose a process is. Its cgroup is read when it is new or exec'ed, and ever more rarely
/// afterwards, since a process may be moved. Names come from <see cref="Lookups"/>, which are only asked, never waited for.
/// </summary>
internal sealed class IdentityTurn(ProcReader reader, Lookups? lookups)
{
    private const int Seldom = 64;

    private readonly CgroupCache _cache = new();
    private readonly HashSet<string> _pods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unnamedPods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private KnownNames _names = KnownNames.None;
    private KubernetesOptions? _askedUnder;
    private long _pass;
    private bool _isNew;

    /// <summary>Starts a pass with the names that are known now.</summary>
    public void Begin(long pass)
    {
        _pass = pass;
        _isNew = false;
        if (lookups is not null && !ReferenceEquals(_names, lookups.Names))
        {
            _names = lookups.Names;
            foreach (KnownCgroup known in _cache.All)
            {
                known.Resolve(_names);
            }
        }
    }

    /// <summary>Reads the cgroup of a process through its open directory.</summary>
    public KnownCgroup Read(in ProcessDirectory directory) =>
        reader.Ledger.Record(ProcFile.Cgroup, reader.Read(directory, ProcFile.Cgroup, out ReadOnlySpan<byte> text)) == ReadOutcome.Ok
            ? Of(text) : KnownCgroup.Unread;

    /// <summary>Notes that a process is in the pass, and reads its cgroup again where it is time to.</summary>
    public void See(ProcessRecord process)
    {
        int passes = ++process.CgroupPasses;
        bool asks = passes > 1 && ((BitOperations.IsPow2(passes) && passes < Seldom) || (passes + process.Id.Pid) % Seldom == 0);
        if (asks && reader.Ledger.Record(ProcFile.Cgroup, reader.Read(process.Id.Pid, ProcFile.Cgroup, out ReadOnlySpan<byte> text)) == ReadOutcome.Ok)
        {
            process.Cgroup = Of(text);
        }
    }

    /// <summary>
    /// Whether a process waits for the names of its pod. Only in the pass that first sees the container, and not in the very first:
    /// a series without names that lives for one pass would be a lie.
    /// </summary>
    public bool Holds(KnownCgroup cgroup) => _pass > 1 && cgroup.NewInPass == _pass && cgroup.Identity.IsUnnamed
        && lookups is not null && lookups.Options.IsOn(sawPods: true);

    /// <summary>Asks for names, and closes the books.</summary>
    public IdentityValues Close(Dictionary<int, ProcessRecord>.ValueCollection processes)
    {
        foreach (ProcessRecord process in processes)
        {
            process.Cgroup.SeenInPass = _pass;
        }

        _cache.Sweep(_pass);
        _pods.Clear();
        _unnamedPods.Clear();
        _containers.Clear();
        foreach (KnownCgroup known in _cache.All)
        {
            CgroupFacts facts = known.Identity.Cgroup;
            Add(_pods, facts.PodUid);
            Add(_containers, facts.ContainerId);
            Add(_unnamedPods, known.Identity.Pod is null ? facts.PodUid : null);
        }

        if (lookups is null || !lookups.Options.IsOn(_pods.Count > 0))
        {
            return new IdentityValues(null, null, _pods.Count, _containers.Count, _cache.UnknownForms);
        }

        // Another configuration begins without names.
        if (_isNew || !ReferenceEquals(_askedUnder, lookups.Options))
        {
            _askedUnder = lookups.Options;
            lookups.Ask(Unnamed(processes), _pods.Count > 0);
        }

        return new IdentityValues(lookups.Ledger.Copy(), _unnamedPods.Count, _pods.Count, _containers.Count, _cache.UnknownForms);
    }

    private KnownCgroup Of(ReadOnlySpan<byte> text)
    {
        KnownCgroup known = _cache.Of(text, _names, _pass);
        known.SeenInPass = _pass;
        _isNew |= known.NewInPass == _pass && known.Identity.IsUnnamed;
        return known;
    }

    private static List<UnnamedContainer> Unnamed(Dictionary<int, ProcessRecord>.ValueCollection processes)
    {
        List<UnnamedContainer> unnamed = [];
        HashSet<string> seen = [];
        foreach (ProcessRecord process in processes)
        {
            if (process.Cgroup.Identity is { IsUnnamed: true, Cgroup: { ContainerId: { } id, PodUid: { } uid } } && seen.Add(id))
            {
                unnamed.Add(new UnnamedContainer(process.Id.Pid, id, uid));
            }
        }

        return unnamed;
    }

    private static void Add(HashSet<string> all, string? one)
    {
        if (one is not null)
        {
            all.Add(one);
        }
    }
}
