using System;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>What the first line of a mapping tells; its flags, which come last, decide the rest.</summary>
internal enum MappingShape
{
    /// <summary>Private memory of no file, with a name or without.</summary>
    Anonymous,

    /// <summary>A heap by its name.</summary>
    Heap,

    /// <summary>A stack by its name.</summary>
    Stack,

    /// <summary>The kernel's own.</summary>
    Special,

    /// <summary>[vsyscall], which the kernel lists but counts neither as a mapping nor as address space.</summary>
    Gate,

    /// <summary>Shared memory of no name.</summary>
    SharedAnonymous,

    /// <summary>A System V segment.</summary>
    SystemV,

    /// <summary>A memfd.</summary>
    Memfd,

    /// <summary>A memfd that a runtime is known to keep code in.</summary>
    CodeMemfd,

    /// <summary>Memory of a driver or another part of the kernel.</summary>
    Device,

    /// <summary>A file below /dev/shm.</summary>
    ShmFile,

    /// <summary>Any other file.</summary>
    File,
}

/// <summary>The rules by which a mapping is of a kind; docs/decisions/0010-anatomy.md gives the reasons.</summary>
internal static class Classification
{
    /// <summary>What the path says.</summary>
    public static MappingShape Shape(in MapsLine mapping)
    {
        ReadOnlySpan<byte> path = mapping.Path;
        if (path.IsEmpty)
        {
            return mapping.Inode == 0 ? MappingShape.Anonymous : MappingShape.File;
        }

        return path[0] switch
        {
            (byte)'/' => File(mapping, path),
            (byte)'[' => Bracket(path),
            // anon_inode:[perf_event], anon_inode:[io_uring], socket:[1234]: rings of the kernel.
            _ => MappingShape.Device,
        };
    }

    /// <summary>The kind.</summary>
    /// <param name="shape">What the first line tells.</param>
    /// <param name="isShared">The <c>s</c> of maps.</param>
    /// <param name="isExecutable">The <c>x</c> of maps.</param>
    /// <param name="flags">The codes of VmFlags.</param>
    /// <returns>For files the kind they are of unless their filesystem is mounted at /dev/shm.</returns>
    public static MappingKind Kind(MappingShape shape, bool isShared, bool isExecutable, VmFlags flags)
    {
        if (shape is MappingShape.Special or MappingShape.Gate)
        {
            // vvar is made of page frames too.
            return MappingKind.Special;
        }

        if ((flags & VmFlags.HugeTlb) != 0)
        {
            return MappingKind.Hugetlb;
        }

        bool isDriver = (flags & (VmFlags.PageFrames | VmFlags.Io)) != 0;
        return shape switch
        {
            _ when isDriver => MappingKind.Device,
            MappingShape.Heap => MappingKind.Heap,
            MappingShape.Stack => MappingKind.Stack,
            MappingShape.Anonymous when (flags & VmFlags.GrowsDown) != 0 => MappingKind.Stack,
            MappingShape.Anonymous or MappingShape.SharedAnonymous when isExecutable => MappingKind.Jit,
            MappingShape.Anonymous => isShared ? MappingKind.AnonShared : MappingKind.AnonPrivate,
            MappingShape.SharedAnonymous => MappingKind.AnonShared,
            MappingShape.SystemV => MappingKind.SysvShm,
            MappingShape.CodeMemfd => MappingKind.Jit,
            // A program that is started from a memfd is mapped privately; only who writes code elsewhere shares it.
            MappingShape.Memfd => isShared && isExecutable ? MappingKind.Jit : MappingKind.Memfd,
            MappingShape.ShmFile => MappingKind.PosixShm,
            MappingShape.File => isShared ? MappingKind.FileShared : MappingKind.FilePrivate,
            _ => MappingKind.Device,
        };
    }

    /// <summary>Whether bytes of the kind are of a file that has a name on a filesystem.</summary>
    public static bool IsFile(MappingKind kind) => kind is MappingKind.FilePrivate or MappingKind.FileShared or MappingKind.PosixShm;

    private static MappingShape Bracket(ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("[heap]"u8) || path.StartsWith("[anon: glibc: malloc"u8) || path.StartsWith("[anon: glibc: loader malloc"u8))
        {
            return MappingShape.Heap;
        }

        if (path.StartsWith("[stack"u8) || path.StartsWith("[anon: glibc: pthread "u8))
        {
            return MappingShape.Stack;
        }

        return path.StartsWith("[anon:"u8) ? MappingShape.Anonymous
            : path.StartsWith("[anon_shmem:"u8) ? MappingShape.SharedAnonymous
            : path.SequenceEqual("[vsyscall]"u8) ? MappingShape.Gate : MappingShape.Special;
    }

    private static MappingShape File(in MapsLine mapping, ReadOnlySpan<byte> path)
    {
        // Only filesystems without a disk have names like the kernel's own; a container may mount one, and fool nobody but itself.
        if (mapping.Device.Major == 0 && KernelFile(path) is { } shape)
        {
            return shape;
        }

        if (!path.StartsWith("/dev/"u8))
        {
            return MappingShape.File;
        }

        // A private mapping of /dev/zero is plain memory, and has been the old way to get some.
        return path.StartsWith("/dev/shm/"u8) ? MappingShape.ShmFile
            : path.SequenceEqual("/dev/zero"u8) ? MappingShape.Anonymous : MappingShape.Device;
    }

    private static MappingShape? KernelFile(ReadOnlySpan<byte> path)
    {
        if (path.StartsWith("/memfd:"u8))
        {
            // .NET and QEMU map their code twice, to write it here and to run it there.
            return path.StartsWith("/memfd:doublemapper "u8) || path.StartsWith("/memfd:tcg-jit "u8) ? MappingShape.CodeMemfd : MappingShape.Memfd;
        }

        return path.SequenceEqual("/dev/zero (deleted)"u8) ? MappingShape.SharedAnonymous
            : path.StartsWith("/SYSV"u8) && path.EndsWith(" (deleted)"u8) ? MappingShape.SystemV
            : path.StartsWith("/[aio]"u8) || path.StartsWith("/dmabuf:"u8) || path.StartsWith("/drm mm object"u8) || path.StartsWith("/i915"u8)
            ? MappingShape.Device : null;
    }
}
