using System;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>One line of mountinfo.</summary>
internal sealed class MountEntry
{
    /// <summary>Unique among the mounts of the system at one time; used again later.</summary>
    public required int Id { get; init; }

    /// <summary>The mount it lies on; its own id or a foreign one at the top of a namespace.</summary>
    public required int Parent { get; init; }

    /// <summary>The filesystem instance.</summary>
    public required Device Device { get; init; }

    /// <summary>
    /// Which directory or file of the filesystem is mounted, unescaped: <c>/</c> for all of it, <c>/a//deleted</c> when it was
    /// removed, <c>net:[4026531833]</c> for a namespace.
    /// </summary>
    public required byte[] Root { get; init; }

    /// <summary>Where, as seen from the root of the process whose file was read; unescaped bytes, not always UTF-8.</summary>
    public required byte[] Point { get; init; }

    /// <summary>Filesystem type with its subtype, unescaped: <c>tmpfs</c>, <c>fuse.sshfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it is mounted at that path.</summary>
    public bool IsAt(ReadOnlySpan<byte> path) => path.SequenceEqual(Point);

    /// <summary>Whether the path is its mount point or lies below it, by text alone.</summary>
    public bool Covers(ReadOnlySpan<byte> path) =>
        Point.AsSpan().SequenceEqual("/"u8) || (path.StartsWith(Point) && (path.Length == Point.Length || path[Point.Length] == '/'));

    /// <summary>The mount point for people.</summary>
    public string Text => Encoding.UTF8.GetString(Point);
}
