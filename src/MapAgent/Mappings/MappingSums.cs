using System.Runtime.CompilerServices;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// Sums over mappings, of a process or of a group. A value: a copy stays as it is. An address space counts in each hint that it is
/// under, and in one kind.
/// </summary>
internal struct MappingSums
{
    private Kinds _kinds;
    private Hints _hints;
    private Remotes _remotes;

    /// <summary>
    /// All fields of smaps over all mappings: the rollup of the process, but that Pss, Pss_Dirty, SwapPss and Locked are up to a
    /// KiB less for each mapping that shares pages, because the kernel rounds each down.
    /// </summary>
    public SmapsRollup Total;

    /// <summary>What the mappings of a kind take.</summary>
    public readonly KindBytes this[MappingKind kind] => _kinds[(int)kind];

    /// <summary>Address space under a hint.</summary>
    public readonly long this[Advice advice] => _hints[(int)advice];

    /// <summary>Address space that is mapped from a remote filesystem.</summary>
    public readonly long this[RemoteType type] => _remotes[(int)type];

    /// <summary>The sum over all kinds.</summary>
    public readonly KindBytes All
    {
        get
        {
            KindBytes all = default;
            for (int i = 0; i < MappingKinds.Count; i++)
            {
                all = all.Plus(_kinds[i]);
            }

            return all;
        }
    }

    /// <summary>Adds to a kind.</summary>
    public void Add(MappingKind kind, in KindBytes bytes) => _kinds[(int)kind] = _kinds[(int)kind].Plus(bytes);

    /// <summary>Adds address space to each hint whose flag is set.</summary>
    public void AddHints(VmFlags flags, long size)
    {
        for (int i = 0; i < Advices.Count; i++)
        {
            if ((flags & ((Advice)i).Flag()) != 0)
            {
                _hints[i] = KindBytes.Sum(_hints[i], size);
            }
        }
    }

    /// <summary>Adds address space of a remote filesystem.</summary>
    public void Add(RemoteType type, long size) => _remotes[(int)type] = KindBytes.Sum(_remotes[(int)type], size);

    /// <summary>Adds other sums.</summary>
    public void Add(in MappingSums other)
    {
        Total.Add(other.Total);
        for (int i = 0; i < MappingKinds.Count; i++)
        {
            _kinds[i] = _kinds[i].Plus(other._kinds[i]);
        }

        for (int i = 0; i < Advices.Count; i++)
        {
            _hints[i] = KindBytes.Sum(_hints[i], other._hints[i]);
        }

        for (int i = 0; i < RemoteTypes.Count; i++)
        {
            _remotes[i] = KindBytes.Sum(_remotes[i], other._remotes[i]);
        }
    }

    [InlineArray(MappingKinds.Count)]
    private struct Kinds
    {
        private KindBytes _first;
    }

    [InlineArray(Advices.Count)]
    private struct Hints
    {
        private long _first;
    }

    [InlineArray(RemoteTypes.Count)]
    private struct Remotes
    {
        private long _first;
    }
}
