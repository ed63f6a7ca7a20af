using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>Which file it is: the filesystem instance and the inode number.</summary>
internal readonly record struct FileIdentity(Device Device, ulong Inode)
{
    /// <summary>
    /// Whether a file that was looked up is the one that smaps showed. btrfs and overlayfs show one device in smaps and another
    /// one to stat; both are without a disk of their own.
    /// </summary>
    public bool IsSameFile(FileIdentity found) =>
        found.Inode == Inode && (found.Device == Device || (found.Device.Major == 0 && Device.Major == 0));
}

/// <summary>
/// Asks which file a path leads to inside a process's root: never out of it, and through no link. Only <see cref="CacheOf"/> opens
/// the file, once it is known to be the one that is meant. Beside the reader the only one in Procfs that sees errno.
/// </summary>
internal static unsafe class RootPath
{
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int Invalid = 22;
    private const ulong NoMagicLinks = 0x02;
    private const ulong NoSymlinks = 0x04;
    private const ulong InRoot = 0x10;
    private const ulong Cached = 0x20;
    private const int LongestPath = 4095;
    private const int AnswerSize = 256;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;

    // Attributes as they are known, without asking a server.
    private const int DoNotSync = 0x4000;

    /// <summary>Looks a path up.</summary>
    /// <param name="process">The process.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="mayWait">Whether the lookup may ask a filesystem; when not, only what the kernel has at hand is looked at.</param>
    /// <param name="file">What is there, when Ok.</param>
    /// <returns>
    /// Ok; Gone when there is no such path or process; Denied; Failed, also when it could not be found without waiting or by this
    /// kernel (before 5.6, for paths that may not wait before 5.12).
    /// </returns>
    public static ReadOutcome Find(in ProcessDirectory process, ReadOnlySpan<byte> path, bool mayWait, out FileIdentity file)
    {
        byte* answer = stackalloc byte[AnswerSize];
        ReadOutcome outcome = Place(process, path, mayWait, Libc.InodeOnly, answer, out int place);
        file = outcome == ReadOutcome.Ok ? Identity(answer) : default;
        Close(place);
        return outcome;
    }

    /// <summary>Asks what the page cache holds of a file. A filesystem that hangs holds the caller, so only local ones are asked.</summary>
    /// <param name="process">The process that maps it.</param>
    /// <param name="path">Absolute, as the process sees it.</param>
    /// <param name="expected">The file that is mapped under that path.</param>
    /// <param name="cache">What it holds, when Ok.</param>
    /// <returns>
    /// Ok; Gone when another file, or none, has the path now, or when it is no regular file; Denied; Failed where the kernel or the
    /// filesystem does not know the call.
    /// </returns>
    public static ReadOutcome CacheOf(in ProcessDirectory process, ReadOnlySpan<byte> path, FileIdentity expected, out CacheStat cache)
    {
        cache = default;
        byte* answer = stackalloc byte[AnswerSize];
        ReadOutcome outcome = Place(process, path, mayWait: true, Libc.TypeInodeAndSize, answer, out int place);
        bool isIt = outcome == ReadOutcome.Ok && (*(ushort*)(answer + 28) & TypeBits) == RegularFile && expected.IsSameFile(Identity(answer));
        if (!isIt)
        {
            Close(place);
            return outcome == ReadOutcome.Ok ? ReadOutcome.Gone : outcome;
        }

        // By way of the place that was looked at: behind the path there might be a device by now.
        int file;
        fixed (byte* name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{place}\0")))
        {
            file = Libc.OpenAt(Libc.WorkingDirectory, name, Libc.ReadOnly | Libc.CloseOnExec | Libc.NonBlocking | Libc.NoTerminal, 0);
        }

        outcome = file >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        Close(place);
        if (outcome != ReadOutcome.Ok)
        {
            return outcome;
        }

        ulong* range = stackalloc ulong[2] { 0, 0 };
        ulong* pages = stackalloc ulong[5];
        outcome = Libc.CacheStat(Libc.CacheStatNumber, file, range, pages, 0) == 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        Close(file);
        if (outcome == ReadOutcome.Ok)
        {
            cache = new CacheStat((long)pages[0], (long)pages[1], (long)pages[2], (long)pages[3], (long)pages[4], *(long*)(answer + 40));
        }

        return outcome;
    }

    // What is at a path, as a descriptor that names the place, or -1, and as the answer of statx.
    private static ReadOutcome Place(in ProcessDirectory process, ReadOnlySpan<byte> path, bool mayWait, uint mask, byte* answer, out int place)
    {
        place = -1;
        if (path.Length is 0 or > LongestPath)
        {
            return ReadOutcome.Failed;
        }

        int root;
        fixed (byte* name = "root"u8)
        {
            root = Libc.OpenAt(process.Descriptor, name, Libc.PathOnly | Libc.Directory | Libc.CloseOnExec, 0);
        }

        if (root < 0)
        {
            return Classify(Marshal.GetLastPInvokeError());
        }

        byte* absolute = stackalloc byte[path.Length + 1];
        path.CopyTo(new Span<byte>(absolute, path.Length));
        absolute[path.Length] = 0;
        place = Open(root, absolute, Cached);
        int errno = place < 0 ? Marshal.GetLastPInvokeError() : 0;
        // EINVAL: before Linux 5.12 nobody knows RESOLVE_CACHED.
        if (place < 0 && mayWait && errno is Again or Invalid)
        {
            place = Open(root, absolute, 0);
            errno = place < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        Libc.Close(root);
        byte end = 0;
        bool isKnown = place >= 0 && Libc.StatX(place, &end, Libc.EmptyPath | DoNotSync, mask, answer) == 0;
        errno = place >= 0 && !isKnown ? Marshal.GetLastPInvokeError() : errno;
        return isKnown ? ReadOutcome.Ok : Classify(errno);
    }

    private static FileIdentity Identity(byte* answer) => new(new Device(*(uint*)(answer + 136), *(uint*)(answer + 140)), *(ulong*)(answer + 32));

    private static void Close(int file)
    {
        if (file >= 0)
        {
            Libc.Close(file);
        }
    }

    private static int Open(int root, byte* path, ulong cached)
    {
        ulong* how = stackalloc ulong[3] { (ulong)(Libc.PathOnly | Libc.NoFollow | Libc.CloseOnExec), 0, InRoot | NoMagicLinks | NoSymlinks | cached };
        int file;
        do
        {
            file = (int)Libc.OpenAt2(Libc.OpenAt2Number, root, path, how, 24);
        }
        while (file < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return file;
    }

    private static ReadOutcome Classify(int errno) => errno switch
    {
        2 or 3 or 20 => ReadOutcome.Gone,
        1 or 13 => ReadOutcome.Denied,
        _ => ReadOutcome.Failed,
    };
}
