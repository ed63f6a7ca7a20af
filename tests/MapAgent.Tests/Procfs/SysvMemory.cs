using System;
using System.IO;
using System.Runtime.InteropServices;

namespace MapAgent.Tests.Procfs;

/// <summary>A real System V segment of this machine, attached here; removed and detached when the test ends.</summary>
internal sealed partial class SysvMemory : IDisposable
{
    private const int Remove = 0;
    private readonly nint _address;
    private bool _removed;

    /// <summary>Makes a private segment.</summary>
    public SysvMemory(int size, int mode)
    {
        Id = Get(0, size, mode);
        _address = Id < 0 ? -1 : Attach(Id, 0, 0);
        if (_address == -1)
        {
            string message = Marshal.GetLastPInvokeErrorMessage();
            _ = Control(Id, Remove, 0);
            throw new IOException(message);
        }
    }

    /// <summary>The shmid.</summary>
    public int Id { get; }

    /// <summary>Where it is attached.</summary>
    public ulong Address => (ulong)_address;

    /// <summary>Writes its first bytes.</summary>
    public unsafe void Touch(int bytes) => NativeMemory.Fill((void*)_address, (nuint)bytes, 1);

    /// <summary>Removes it; it stays until it is detached.</summary>
    public void MarkRemoved()
    {
        _removed = true;
        if (Control(Id, Remove, 0) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_removed)
        {
            MarkRemoved();
        }

        _ = Detach(_address);
    }

    [LibraryImport("libc", EntryPoint = "shmget", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Get(int key, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "shmat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Attach(int id, nint address, int flags);

    [LibraryImport("libc", EntryPoint = "shmdt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Detach(nint address);

    [LibraryImport("libc", EntryPoint = "shmctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int id, int command, nint answer);
}
