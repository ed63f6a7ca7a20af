using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Mappings;

/// <summary>Paths as strings, each made once however many processes map the file.</summary>
internal sealed class FileNames
{
    /// <summary>The most names that are remembered; then all are forgotten, and those in use made once more.</summary>
    public const int Bound = 8192;

    private readonly Dictionary<byte[], string> _names;
    private readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <summary>No name yet.</summary>
    public FileNames()
    {
        _names = new Dictionary<byte[], string>(new Contents());
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The string for a path; invalid UTF-8 is replaced.</summary>
    public string Of(ReadOnlySpan<byte> path)
    {
        if (_lookup.TryGetValue(path, out string? name))
        {
            return name;
        }

        if (_names.Count == Bound)
        {
            _names.Clear();
        }

        name = Encoding.UTF8.GetString(path);
        _names[path.ToArray()] = name;
        return name;
    }

    private sealed class Contents : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
