using System;

namespace MapAgent.Procfs;

/// <summary>
/// What the kernel notes of a mapping, the codes of the line <c>VmFlags:</c> in smaps (fs/proc/task_mmu.c,
/// show_smap_vma_flags). The members stand in the order of <see cref="VmFlagCodes"/>.
/// </summary>
[Flags]
internal enum VmFlags : ulong
{
    /// <summary>No code that is known.</summary>
    None = 0,

    /// <summary>rd: may be read.</summary>
    Readable = 1UL << 0,

    /// <summary>wr: may be written.</summary>
    Writable = 1UL << 1,

    /// <summary>ex: may be executed.</summary>
    Executable = 1UL << 2,

    /// <summary>sh: shared, and stores would reach the object.</summary>
    Shared = 1UL << 3,

    /// <summary>mr: mprotect may make it readable.</summary>
    MayRead = 1UL << 4,

    /// <summary>mw: mprotect may make it writable.</summary>
    MayWrite = 1UL << 5,

    /// <summary>me: mprotect may make it executable.</summary>
    MayExecute = 1UL << 6,

    /// <summary>ms: shared, also through a descriptor that is read only; the <c>s</c> of maps.</summary>
    MayShare = 1UL << 7,

    /// <summary>gd: grows down, as stacks do.</summary>
    GrowsDown = 1UL << 8,

    /// <summary>pf: bare page frames, without struct page.</summary>
    PageFrames = 1UL << 9,

    /// <summary>dw: writes to the file are denied (old kernels).</summary>
    DenyWrite = 1UL << 10,

    /// <summary>lo: locked into memory.</summary>
    Locked = 1UL << 11,

    /// <summary>io: memory of a device.</summary>
    Io = 1UL << 12,

    /// <summary>sr: MADV_SEQUENTIAL.</summary>
    Sequential = 1UL << 13,

    /// <summary>rr: MADV_RANDOM.</summary>
    Random = 1UL << 14,

    /// <summary>dc: MADV_DONTFORK.</summary>
    DontCopy = 1UL << 15,

    /// <summary>de: mremap may not expand it.</summary>
    DontExpand = 1UL << 16,

    /// <summary>ac: counts for the limit on committed memory.</summary>
    Accounted = 1UL << 17,

    /// <summary>nr: MAP_NORESERVE.</summary>
    NoReserve = 1UL << 18,

    /// <summary>ht: hugetlb pages.</summary>
    HugeTlb = 1UL << 19,

    /// <summary>sf: MAP_SYNC.</summary>
    Sync = 1UL << 20,

    /// <summary>ar: a bit of the architecture.</summary>
    Architecture = 1UL << 21,

    /// <summary>wf: MADV_WIPEONFORK.</summary>
    WipeOnFork = 1UL << 22,

    /// <summary>dd: MADV_DONTDUMP; the kernel sets it on memory of devices too.</summary>
    DontDump = 1UL << 23,

    /// <summary>sd: written since the soft-dirty marks were cleared.</summary>
    SoftDirty = 1UL << 24,

    /// <summary>mm: page frames and pages mixed.</summary>
    MixedMap = 1UL << 25,

    /// <summary>hg: MADV_HUGEPAGE.</summary>
    HugePage = 1UL << 26,

    /// <summary>nh: MADV_NOHUGEPAGE; since 6.7 MAP_STACK too.</summary>
    NoHugePage = 1UL << 27,

    /// <summary>mg: MADV_MERGEABLE.</summary>
    Mergeable = 1UL << 28,

    /// <summary>um: userfaultfd, missing pages.</summary>
    UserFaultMissing = 1UL << 29,

    /// <summary>uw: userfaultfd, write protection.</summary>
    UserFaultWriteProtect = 1UL << 30,

    /// <summary>ui: userfaultfd, minor faults.</summary>
    UserFaultMinor = 1UL << 31,

    /// <summary>ur: userfaultfd, read and write protection.</summary>
    UserFaultReadWriteProtect = 1UL << 32,

    /// <summary>ss: shadow stack.</summary>
    ShadowStack = 1UL << 33,

    /// <summary>sl: sealed.</summary>
    Sealed = 1UL << 34,

    /// <summary>dp: may be dropped when memory runs short.</summary>
    Droppable = 1UL << 35,

    /// <summary>gu: may hold guard regions.</summary>
    MaybeGuard = 1UL << 36,

    /// <summary>lf: locked as pages are touched.</summary>
    LockedOnFault = 1UL << 37,

    /// <summary>bt: arm64 branch targets.</summary>
    BranchTargets = 1UL << 38,

    /// <summary>mt: arm64 memory tags.</summary>
    MemoryTags = 1UL << 39,

    /// <summary>mp: Intel MPX (old kernels).</summary>
    Mpx = 1UL << 40,
}

/// <summary>Reads the codes.</summary>
internal static class VmFlagCodes
{
    private const int Letters = 26;

    private static readonly byte[] s_bits = Table();

    /// <summary>The codes in the order of their bits.</summary>
    public const string All = "rd wr ex sh mr mw me ms gd pf dw lo io sr rr dc de ac nr ht sf ar wf dd sd mm hg nh mg um uw ui ur ss sl dp gu lf bt mt mp";

    /// <summary>
    /// Reads <c> rd wr mr mw me ac </c>. What is no known code is passed over: proc.rst promises neither that a code stays nor
    /// that none is added.
    /// </summary>
    public static VmFlags Parse(ReadOnlySpan<byte> codes)
    {
        VmFlags flags = VmFlags.None;
        int at = 0;
        while (at < codes.Length)
        {
            // As the kernel writes them: two letters and a blank.
            while (at + 2 < codes.Length && codes[at + 2] == ' ')
            {
                flags |= Flag(codes[at], codes[at + 1]);
                at += 3;
            }

            int start = at;
            while (at < codes.Length && codes[at] != ' ')
            {
                at++;
            }

            if (at - start == 2)
            {
                flags |= Flag(codes[start], codes[start + 1]);
            }

            at++;
        }

        return flags;
    }

    private static VmFlags Flag(byte first, byte second)
    {
        int row = first - 'a';
        int column = second - 'a';
        if ((uint)row >= Letters || (uint)column >= Letters)
        {
            return VmFlags.None;
        }

        int bit = s_bits[(row * Letters) + column];
        return bit == 0 ? VmFlags.None : (VmFlags)(1UL << (bit - 1));
    }

    private static byte[] Table()
    {
        byte[] bits = new byte[Letters * Letters];
        for (int i = 0; i * 3 < All.Length; i++)
        {
            bits[((All[i * 3] - 'a') * Letters) + All[(i * 3) + 1] - 'a'] = (byte)(i + 1);
        }

        return bits;
    }
}
