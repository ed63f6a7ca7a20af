using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace MapAgent.Procfs;

/// <summary>
/// The calls the reader makes. File.OpenHandle and RandomAccess cost 256 bytes and 4 to 9 % more CPU for each file, and
/// .NET has neither openat nor getdents64. Return values and errno are the kernel's.
/// </summary>
internal static unsafe partial class Libc
{
    // Two of the flags have other values there (arch/arm64/include/uapi/asm/fcntl.h).
    private static readonly bool s_arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>AT_FDCWD: relative paths start in the working directory.</summary>
    public const int WorkingDirectory = -100;

    /// <summary>Read only.</summary>
    public const int ReadOnly = 0;

    /// <summary>O_CLOEXEC.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: a descriptor that only names the place.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_NONBLOCK: a fifo in a directory that is no procfs must not hang the agent.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>O_DIRECTORY: nothing but a directory.</summary>
    public static readonly int Directory = s_arm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW: not what a link leads to.</summary>
    public static readonly int NoFollow = s_arm ? 0x8000 : 0x20000;

    /// <summary>The number of openat2, the same on every architecture .NET runs on; glibc has no wrapper.</summary>
    public const nint OpenAt2Number = 437;

    /// <summary>Opens a file below a directory descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int directory, byte* path, int flags, int mode);

    /// <summary>openat2(2): opens a file and says how far its path may lead. <c>how</c> is three 64-bit words: flags, mode, resolve.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint OpenAt2(nint number, nint directory, byte* path, ulong* how, nint size);

    /// <summary>
    /// Asks for facts of a filesystem; 64-bit words: type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize,
    /// flags.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "fstatfs64", SetLastError = true)]
    internal static partial int FStatFs(int file, long* facts);

    /// <summary>Moves the calling thread into another namespace.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNamespace(int file, int kind);

    /// <summary>Reads at the descriptor's position.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int file, byte* buffer, nint count);

    /// <summary>Closes a descriptor. On a file that was only read there is no error worth an answer.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial void Close(int file);

    /// <summary>Reads a link below a directory descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(int directory, byte* path, byte* buffer, nint size);

    /// <summary>Moves the position, here only back to the start of a directory.</summary>
    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int file, long offset, int whence);

    /// <summary>Reads directory entries; glibc has the wrapper since 2.30, musl always.</summary>
    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint GetDirectoryEntries(int directory, byte* buffer, nint size);

    /// <summary>AT_EMPTY_PATH: the descriptor itself.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>STATX_INO: only the inode number is asked for.</summary>
    public const uint InodeOnly = 0x100;

    /// <summary>Asks for facts of a file; the answer is 256 bytes, with the inode number at byte 32.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatX(int directory, byte* path, int flags, uint mask, byte* answer);

    /// <summary>Reads a clock; .NET has none for the CPU time of one thread.</summary>
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    internal static partial int ClockGetTime(int clock, long* secondsAndNanoseconds);

    /// <summary>A fact of the system, here only the length of a clock tick.</summary>
    [LibraryImport("libc", EntryPoint = "sysconf")]
    internal static partial nint SystemConfiguration(int name);

    /// <summary>O_RDWR.</summary>
    public const int ReadWrite = 2;

    /// <summary>O_NOCTTY: a terminal that is opened does not become the agent's own.</summary>
    public const int NoTerminal = 0x100;

    /// <summary>POLLPRI: something out of the ordinary has happened, for a pressure file that its trigger has fired.</summary>
    public const short Urgent = 0x02;

    /// <summary>POLLERR and POLLNVAL: the file is broken or gone.</summary>
    public const short Broken = 0x28;

    /// <summary>STATX_TYPE, STATX_INO and STATX_SIZE.</summary>
    public const uint TypeInodeAndSize = 0x301;

    /// <summary>The number of cachestat, the same on every architecture .NET runs on; Linux 6.5.</summary>
    public const nint CacheStatNumber = 451;

    /// <summary>Writes at the descriptor's position.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int file, byte* buffer, nint count);

    /// <summary>poll(2).</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    /// <summary>cachestat(2): <c>range</c> is offset and length in bytes, a length of 0 means to the end; <c>answer</c> is five counts of pages.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint CacheStat(nint number, nint file, ulong* range, ulong* answer, nint flags);

    /// <summary>What poll(2) waits for on one file, and what has come.</summary>
    internal struct PollEntry
    {
        /// <summary>The descriptor.</summary>
        public int File;

        /// <summary>What is waited for.</summary>
        public short Wanted;

        /// <summary>What has come.</summary>
        public short Got;
    }
}
