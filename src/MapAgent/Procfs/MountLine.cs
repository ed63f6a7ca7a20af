using System;

namespace MapAgent.Procfs;

/// <summary>One line of mountinfo as it stands, see <see cref="MountInfo"/>; nothing is copied.</summary>
internal readonly ref struct MountLine
{
    private MountLine(int id, int parent, Device device, ReadOnlySpan<byte> root, ReadOnlySpan<byte> point, ReadOnlySpan<byte> type)
    {
        Id = id;
        Parent = parent;
        Device = device;
        Root = root;
        Point = point;
        Type = type;
    }

    /// <summary>Unique among the mounts of the system at one time.</summary>
    public int Id { get; }

    /// <summary>The mount it lies on.</summary>
    public int Parent { get; }

    /// <summary>The filesystem instance.</summary>
    public Device Device { get; }

    /// <summary>Which directory of the filesystem, escaped.</summary>
    public ReadOnlySpan<byte> Root { get; }

    /// <summary>Where, escaped.</summary>
    public ReadOnlySpan<byte> Point { get; }

    /// <summary>Filesystem type with its subtype, escaped.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>Reads a line.</summary>
    /// <returns>False when it is not understood.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out MountLine mount)
    {
        mount = default;
        ReadOnlySpan<byte> rest = line;
        if (!Digits.TryRead(Next(ref rest), int.MaxValue, out ulong id) || !Digits.TryRead(Next(ref rest), int.MaxValue, out ulong parent)
            || !TryDevice(Next(ref rest), out Device device))
        {
            return false;
        }

        ReadOnlySpan<byte> root = Next(ref rest);
        ReadOnlySpan<byte> point = Next(ref rest);
        ReadOnlySpan<byte> options = Next(ref rest);
        if (root.IsEmpty || point.IsEmpty || options.IsEmpty)
        {
            return false;
        }

        while (!Next(ref rest).SequenceEqual("-"u8))
        {
            if (rest.IsEmpty)
            {
                return false;
            }
        }

        ReadOnlySpan<byte> type = Next(ref rest);
        mount = new MountLine((int)id, (int)parent, device, root, point, type);
        return !type.IsEmpty && !rest.IsEmpty;
    }

    /// <summary>Undoes the escapes of a path: three octal digits behind a backslash.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> path)
    {
        byte[] plain = new byte[path.Length];
        int length = 0;
        for (int i = 0; i < path.Length; i++)
        {
            bool escaped = path[i] == '\\' && i + 3 < path.Length
                && path[i + 1] is >= (byte)'0' and <= (byte)'3' && IsOctal(path[i + 2]) && IsOctal(path[i + 3]);
            plain[length++] = escaped ? (byte)(((path[i + 1] - '0') << 6) | ((path[i + 2] - '0') << 3) | (path[i + 3] - '0')) : path[i];
            i += escaped ? 3 : 0;
        }

        return plain[..length];
    }

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    private static bool TryDevice(ReadOnlySpan<byte> field, out Device device)
    {
        int colon = field.IndexOf((byte)':');
        device = default;
        if (colon < 0 || !Digits.TryRead(field[..colon], uint.MaxValue, out ulong major)
            || !Digits.TryRead(field[(colon + 1)..], uint.MaxValue, out ulong minor))
        {
            return false;
        }

        device = new Device((uint)major, (uint)minor);
        return true;
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
