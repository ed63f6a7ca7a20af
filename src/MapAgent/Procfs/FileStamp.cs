using System;
using System.Buffers.Binary;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// What tells that a file is another one than before, or has other contents or rights, without opening it. .NET stops at the first
/// link and gives no inode number, and a mounted Kubernetes secret is replaced by turning a link two steps up.
/// </summary>
/// <param name="Device">Major and minor number.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its contents changed last, in nanoseconds since 1970.</param>
/// <param name="Changed">When contents, rights or owner changed last.</param>
/// <param name="Mode">Kind and rights, as st_mode.</param>
internal readonly record struct FileStamp(ulong Device, ulong Inode, ulong Size, long Modified, long Changed, int Mode)
{
    // STATX_BASIC_STATS
    private const uint Basic = 0x7ff;
    private const int AnswerSize = 256;

    /// <summary>True when there is such a file.</summary>
    public bool Exists => Mode != 0;

    /// <summary>True when users who are neither its owner nor of its group may read it.</summary>
    public bool IsReadableByAll => (Mode & 4) != 0;

    /// <summary>The stamp of a file, through all links; the default value when there is none or it is out of reach.</summary>
    public static unsafe FileStamp Of(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        Span<byte> answer = stackalloc byte[AnswerSize];
        fixed (byte* start = name)
        {
            fixed (byte* into = answer)
            {
                if (Libc.StatX(Libc.WorkingDirectory, start, 0, Basic, into) != 0)
                {
                    return default;
                }
            }
        }

        // struct statx, include/uapi/linux/stat.h: mode at 28, ino at 32, size at 40, ctime at 96, mtime at 112, device at 136.
        return new FileStamp(
            BinaryPrimitives.ReadUInt64LittleEndian(answer[136..]), BinaryPrimitives.ReadUInt64LittleEndian(answer[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(answer[40..]), Nanoseconds(answer[112..]), Nanoseconds(answer[96..]),
            BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]));
    }

    private static long Nanoseconds(ReadOnlySpan<byte> time) =>
        (BinaryPrimitives.ReadInt64LittleEndian(time) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(time[8..]);
}
