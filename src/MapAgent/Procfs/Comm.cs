using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>The kernel's name of a process, kept in place: any bytes at all, 15 at most (TASK_COMM_LEN); what is longer is cut.</summary>
[InlineArray(16)]
internal struct Comm : IEquatable<Comm>
{
    private const int Most = 15;
    private byte _first;

    /// <summary>Takes a copy of field 2 of <c>stat</c>.</summary>
    public static Comm Of(ReadOnlySpan<byte> name)
    {
        Comm comm = default;
        name = name[..Math.Min(name.Length, Most)];
        Span<byte> bytes = comm;
        name.CopyTo(bytes);
        // The kernel's names end with a NUL that is not in stat; the last byte is free for their length.
        bytes[Most] = (byte)name.Length;
        return comm;
    }

    /// <inheritdoc/>
    public readonly bool Equals(Comm other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Comm other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(this);
        return hash.ToHashCode();
    }

    /// <summary>The name as text; what is no UTF-8 is replaced.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        return Encoding.UTF8.GetString(bytes[..bytes[Most]]);
    }
}
