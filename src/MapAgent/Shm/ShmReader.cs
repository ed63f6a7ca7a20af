using System;
using System.Runtime.InteropServices;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>
/// Opens places inside other mount namespaces and measures them. The only one in Shm that sees errno. A path is resolved inside
/// the process's root and nowhere else, and nothing is asked of a filesystem before mountinfo has called it a tmpfs: a statfs on
/// a dead FUSE or NFS mount never returns. Safe for several threads.
/// </summary>
internal static unsafe class ShmReader
{
    private const long TmpfsMagic = 0x01021994;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int Invalid = 22;
    private const int NotImplemented = 38;
    private const ulong NoCrossing = 0x01;
    private const ulong NoMagicLinks = 0x02;
    private const ulong NoSymlinks = 0x04;
    private const ulong InRoot = 0x10;
    private const ulong Cached = 0x20;

    // Attributes as they are known, without asking a server.
    private const int DoNotSync = 0x4000;
    private const int NotLinks = 0x100;
    private const int NoAutomount = 0x800;
    private const uint MountId = 0x1000;
    private const uint Basics = 0x7ff | 0x800;

    /// <summary>Opens a path inside a process's root.</summary>
    /// <param name="process">The process.</param>
    /// <param name="path">Absolute, without its NUL; symbolic links are followed inside the root.</param>
    /// <param name="lookup">How far the lookup may go.</param>
    /// <param name="handle">To be disposed when Ok.</param>
    /// <returns>Ok; Gone when there is no such path or process; Denied; Failed, also when it could not be found without waiting.</returns>
    public static ReadOutcome Open(in ProcessDirectory process, ReadOnlySpan<byte> path, Lookup lookup, out MountHandle handle)
    {
        handle = default;
        int root;
        fixed (byte* name = "root"u8)
        {
            root = Libc.OpenAt(process.Descriptor, name, Libc.PathOnly | Libc.Directory | Libc.CloseOnExec, 0);
        }

        if (root < 0)
        {
            return Classify(Marshal.GetLastPInvokeError());
        }

        int file = Resolve(root, path, lookup, out int errno);
        Libc.Close(root);
        if (file < 0)
        {
            return Classify(errno);
        }

        byte* answer = stackalloc byte[FileFacts.Size];
        byte end = 0;
        if (Libc.StatX(file, &end, Libc.EmptyPath | DoNotSync, MountId, answer) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            Libc.Close(file);
            return Classify(errno);
        }

        FileFacts facts = new(new ReadOnlySpan<byte>(answer, FileFacts.Size));
        handle = new MountHandle(file, facts.Device, facts.MountId, facts.IsMountRoot);
        return ReadOutcome.Ok;
    }

    /// <summary>Measures the filesystem of a handle that mountinfo calls a tmpfs.</summary>
    /// <returns>Ok; Malformed when the kernel says otherwise.</returns>
    public static ReadOutcome Measure(in MountHandle handle, out Usage usage)
    {
        usage = default;
        long* facts = stackalloc long[16];
        if (Libc.FStatFs(handle.Descriptor, facts) != 0)
        {
            return Classify(Marshal.GetLastPInvokeError());
        }

        if (facts[0] != TmpfsMagic)
        {
            return ReadOutcome.Malformed;
        }

        long blockSize = facts[9] > 0 ? facts[9] : facts[1];
        (long blocks, long free, long files, long freeFiles) = (facts[2], facts[3], facts[5], facts[6]);
        usage = new Usage(
            (ulong)facts[7],
            blocks > 0 ? blocks * blockSize : null,
            blocks > 0 ? (blocks - free) * blockSize : null,
            files > 0 ? files : null,
            files > 0 ? Math.Max(0, files - freeFiles - 1) : null);
        return ReadOutcome.Ok;
    }

    /// <summary>Opens the directory of a handle for listing.</summary>
    public static ReadOutcome OpenList(in MountHandle handle, out int directory)
    {
        fixed (byte* here = "."u8)
        {
            directory = Libc.OpenAt(handle.Descriptor, here, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec | Libc.NonBlocking, 0);
            return directory >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Looks at one entry by what the kernel has at hand: no link is followed and no server asked. The answer has another device
    /// when something is mounted on the entry.
    /// </summary>
    /// <param name="directory">A listed directory.</param>
    /// <param name="name">The entry's name, ended by a NUL that is not part of the span.</param>
    /// <param name="answer">Room for <see cref="FileFacts.Size"/> bytes.</param>
    public static ReadOutcome Look(int directory, ReadOnlySpan<byte> name, Span<byte> answer) => Ask(directory, name, DoNotSync | NotLinks | NoAutomount, answer);

    /// <summary>
    /// Looks at what a link in a process's <c>fd</c> or <c>map_files</c> leads to. Only for targets that are known to be in
    /// memory: any other filesystem may let the agent wait.
    /// </summary>
    /// <param name="links">The listed directory of links.</param>
    /// <param name="name">The link, ended by a NUL that is not part of the span.</param>
    /// <param name="answer">Room for <see cref="FileFacts.Size"/> bytes.</param>
    public static ReadOutcome Follow(int links, ReadOnlySpan<byte> name, Span<byte> answer) => Ask(links, name, DoNotSync, answer);

    /// <summary>Opens a process's directory of links, <c>fd</c> or <c>map_files</c>.</summary>
    /// <param name="process">The process.</param>
    /// <param name="name">The directory, ended by a NUL that is not part of the span.</param>
    /// <param name="links">To be closed when Ok.</param>
    public static ReadOutcome OpenLinks(in ProcessDirectory process, ReadOnlySpan<byte> name, out int links)
    {
        fixed (byte* path = name)
        {
            links = Libc.OpenAt(process.Descriptor, path, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec, 0);
            return links >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Reads where a link leads, as text; asks no filesystem.</summary>
    /// <returns>Length of the text, cut to the room; 0 when there is no link.</returns>
    public static int ReadLink(int links, ReadOnlySpan<byte> name, Span<byte> into)
    {
        fixed (byte* path = name, text = into)
        {
            return (int)Math.Max(0, Libc.ReadLinkAt(links, path, text, into.Length));
        }
    }

    /// <summary>Moves the calling thread into a namespace of a process; the thread must end afterwards.</summary>
    /// <param name="process">The process.</param>
    /// <param name="name">The link in its <c>ns</c>, ended by a NUL that is not part of the span.</param>
    /// <param name="kind">CLONE_NEW*.</param>
    public static ReadOutcome Enter(in ProcessDirectory process, ReadOnlySpan<byte> name, int kind)
    {
        int file;
        fixed (byte* path = name)
        {
            file = Libc.OpenAt(process.Descriptor, path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        }

        if (file < 0)
        {
            return Classify(Marshal.GetLastPInvokeError());
        }

        ReadOutcome outcome = Libc.SetNamespace(file, kind) == 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        Libc.Close(file);
        return outcome;
    }

    /// <summary>Opens a directory below a listed one, on the same filesystem.</summary>
    public static ReadOutcome OpenBelow(int directory, ReadOnlySpan<byte> name, out int below)
    {
        below = OpenInside(directory, name, Libc.ReadOnly | Libc.Directory | Libc.NoFollow | Libc.CloseOnExec | Libc.NonBlocking);
        return below >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
    }

    /// <summary>Reads the next entries of a listed directory.</summary>
    /// <returns>Bytes of records; 0 at the end, less than 0 on an error.</returns>
    public static int Entries(int directory, Span<byte> buffer)
    {
        fixed (byte* records = buffer)
        {
            return (int)Libc.GetDirectoryEntries(directory, records, buffer.Length);
        }
    }

    /// <summary>Closes a listed directory.</summary>
    public static void Close(int directory) => Libc.Close(directory);

    private static ReadOutcome Ask(int directory, ReadOnlySpan<byte> name, int flags, Span<byte> answer)
    {
        fixed (byte* path = name, facts = answer)
        {
            return Libc.StatX(directory, path, flags, Basics, facts) == 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    private static int OpenInside(int directory, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* path = name)
        {
            int file = OpenAt2(directory, path, flags, NoCrossing | NoMagicLinks | NoSymlinks);
            // Before Linux 5.6 a name without a slash can still not lead far: only a mount on it would be entered.
            return file < 0 && Marshal.GetLastPInvokeError() == NotImplemented ? Libc.OpenAt(directory, path, flags, 0) : file;
        }
    }

    private static int Resolve(int root, ReadOnlySpan<byte> path, Lookup lookup, out int errno)
    {
        byte* below = stackalloc byte[path.Length + 1];
        ReadOnlySpan<byte> relative = path.TrimStart((byte)'/');
        relative = relative.IsEmpty ? "."u8 : relative;
        relative.CopyTo(new Span<byte>(below, relative.Length));
        below[relative.Length] = 0;
        int flags = Libc.PathOnly | Libc.Directory | Libc.CloseOnExec;
        int file = OpenAt2(root, below, flags, InRoot | NoMagicLinks | Cached);
        errno = file < 0 ? Marshal.GetLastPInvokeError() : 0;
        // EINVAL: before Linux 5.12 nobody knows RESOLVE_CACHED. ENOSYS: before 5.6 there is no openat2.
        bool mayAsk = errno == Again ? lookup == Lookup.Local : lookup != Lookup.AtHand;
        if (file < 0 && mayAsk && errno is Again or Invalid)
        {
            file = OpenAt2(root, below, flags, InRoot | NoMagicLinks);
            errno = file < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        return file < 0 && mayAsk && errno == NotImplemented ? Walk(root, relative, out errno) : file;
    }

    // Before Linux 5.6: part by part, following no link at all.
    private static int Walk(int root, ReadOnlySpan<byte> path, out int errno)
    {
        byte* part = stackalloc byte[256];
        int at = root;
        errno = 0;
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (name.IsEmpty)
            {
                continue;
            }

            bool isPlain = name.Length <= 255 && !name.SequenceEqual(".."u8);
            name[..Math.Min(name.Length, 255)].CopyTo(new Span<byte>(part, 255));
            part[Math.Min(name.Length, 255)] = 0;
            int next = isPlain ? Libc.OpenAt(at, part, Libc.PathOnly | Libc.Directory | Libc.NoFollow | Libc.CloseOnExec, 0) : -1;
            errno = next >= 0 ? 0 : isPlain ? Marshal.GetLastPInvokeError() : Invalid;
            if (at != root)
            {
                Libc.Close(at);
            }

            if (next < 0)
            {
                return -1;
            }

            at = next;
        }

        return at;
    }

    private static int OpenAt2(int directory, byte* path, int flags, ulong resolve)
    {
        ulong* how = stackalloc ulong[3] { (ulong)flags, 0, resolve };
        int file;
        do
        {
            file = (int)Libc.OpenAt2(Libc.OpenAt2Number, directory, path, how, 24);
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
