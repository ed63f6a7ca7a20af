using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace MapAgent.Identity;

/// <summary>What every text of the file <c>cgroup</c> means that living processes show. A known text allocates nothing.</summary>
internal sealed class CgroupCache
{
    private readonly Dictionary<byte[], KnownCgroup> _known = new(new Bytes());
    private readonly Dictionary<byte[], KnownCgroup>.AlternateLookup<ReadOnlySpan<byte>> _byText;

    /// <summary>An empty cache.</summary>
    public CgroupCache() => _byText = _known.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many distinct texts of no known form there were.</summary>
    public long UnknownForms { get; private set; }

    /// <summary>All of them.</summary>
    public Dictionary<byte[], KnownCgroup>.ValueCollection All => _known.Values;

    /// <summary>What a text means.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="names">Names that are known now.</param>
    /// <param name="pass">Number of the pass.</param>
    public KnownCgroup Of(ReadOnlySpan<byte> text, KnownNames names, long pass)
    {
        if (!_byText.TryGetValue(text, out KnownCgroup? known))
        {
            known = new KnownCgroup(CgroupFacts.Parse(text)) { NewInPass = pass, SeenInPass = pass };
            known.Resolve(names);
            UnknownForms += known.Identity.Cgroup.IsKnownForm ? 0 : 1;
            _known.Add(text.ToArray(), known);
        }

        return known;
    }

    /// <summary>Forgets those that no process of the pass shows.</summary>
    public void Sweep(long pass)
    {
        foreach (KeyValuePair<byte[], KnownCgroup> known in _known)
        {
            if (known.Value.SeenInPass != pass)
            {
                _known.Remove(known.Key);
            }
        }
    }

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        // Seeded anew in each run: whoever may make cgroups cannot make them collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
