using System;
using System.Runtime.InteropServices;

namespace MapAgent.Procfs;

/// <summary>Which file it is: the filesystem instance and the inode number.</summary>
internal readonly record struct FileIdentity(Device Device, ulong Inode);

/// <summary>
/// Asks which file a path leads to inside a process's root: never out of it, through no link, and without opening the file.
/// Beside the reader the only one in Procfs that sees errno.
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
        file = default;
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
        int found = Open(root, absolute, Cached);
        int errno = found < 0 ? Marshal.GetLastPInvokeError() : 0;
        // EINVAL: before Linux 5.12 nobody knows RESOLVE_CACHED.
        if (found < 0 && mayWait && errno is Again or Invalid)
        {
            found = Open(root, absolute, 0);
            errno = found < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        Libc.Close(root);
        if (found < 0)
        {
            return Classify(errno);
        }

        byte end = 0;
        byte* answer = stackalloc byte[AnswerSize];
        bool isKnown = Libc.StatX(found, &end, Libc.EmptyPath | DoNotSync, Libc.InodeOnly, answer) == 0;
        errno = isKnown ? 0 : Marshal.GetLastPInvokeError();
        Libc.Close(found);
        file = new FileIdentity(new Device(*(uint*)(answer + 136), *(uint*)(answer + 140)), *(ulong*)(answer + 32));
        return isKnown ? ReadOutcome.Ok : Classify(errno);
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
