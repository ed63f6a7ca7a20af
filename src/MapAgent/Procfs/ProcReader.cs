using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// Reads files of one procfs mount into one buffer that is used again for each. The only place in Procfs that sees errno.
/// Not safe for two threads: each has its own reader.
/// </summary>
internal sealed unsafe partial class ProcReader : IDisposable
{
    private const int NoEntry = 2;
    private const int NotPermitted = 1;
    private const int NoProcess = 3;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int NotDirectory = 20;

    // PROC_SUPER_MAGIC, include/uapi/linux/magic.h.
    private const long ProcMagic = 0x9FA0;

    // Long enough for every rollup and stat in one read; grows for command lines.
    private const int FirstSize = 16 * 1024;

    private int _root;
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FirstSize, pinned: true);

    /// <summary>Opens the root.</summary>
    /// <exception cref="IOException">The root is no directory or may not be opened; the message names it.</exception>
    public ProcReader(ProcRoot root)
    {
        Root = root;
        byte[] path = Encoding.UTF8.GetBytes(root.Path + "\0");
        fixed (byte* name = path)
        {
            _root = Libc.OpenAt(Libc.WorkingDirectory, name, Libc.ReadOnly | Libc.CloseOnExec | Libc.NonBlocking, 0);
        }

        if (_root < 0)
        {
            throw new IOException($"cannot open {root.Path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        if (!Directory.Exists(root.Path))
        {
            Libc.Close(_root);
            throw new IOException($"cannot list {root.Path}: it is no directory");
        }
    }

    /// <summary>The mount that is read.</summary>
    public ProcRoot Root { get; }

    /// <summary>Counts of what was read.</summary>
    public ReadLedger Ledger { get; } = new();

    /// <summary>The errno behind the last <see cref="ReadOutcome.Failed"/>, for the log; 0 when there was none.</summary>
    public int LastFailure { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Closed twice it would take a descriptor from somebody else.
        if (_root >= 0)
        {
            Libc.Close(_root);
            _root = -1;
        }
    }

    /// <summary>
    /// Opens a process's directory. The descriptor is bound to this very process: when the pid is reused, reads through it say
    /// gone, so that files read through one directory are all of one process.
    /// </summary>
    public ReadOutcome Open(int pid, out ProcessDirectory directory)
    {
        byte* path = stackalloc byte[16];
        WritePid(path, pid)[0] = 0;
        int file = Libc.OpenAt(_root, path, Libc.PathOnly | Libc.CloseOnExec, 0);
        directory = new ProcessDirectory(file, pid);
        return file >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
    }

    /// <summary>Opens the reader's own directory; gone where the root has no <c>self</c>.</summary>
    public ReadOutcome OpenSelf(out ProcessDirectory directory)
    {
        fixed (byte* path = "self"u8)
        {
            int file = Libc.OpenAt(_root, path, Libc.PathOnly | Libc.CloseOnExec, 0);
            directory = new ProcessDirectory(file, 0);
            return file >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Counts the entries of <c>fd</c>, the one used for counting left out.</summary>
    /// <returns>Null where the directory may not be read.</returns>
    public long? CountDescriptors(in ProcessDirectory directory)
    {
        int file;
        fixed (byte* path = "fd"u8)
        {
            file = Libc.OpenAt(directory.Descriptor, path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        }

        if (file < 0)
        {
            return null;
        }

        long count = 0;
        nint size;
        fixed (byte* buffer = _buffer)
        {
            while ((size = Libc.GetDirectoryEntries(file, buffer, _buffer.Length)) > 0)
            {
                count += DirectoryEntries.Count(new ReadOnlySpan<byte>(buffer, (int)size));
            }
        }

        Libc.Close(file);
        // Without ".", ".." and the descriptor that lists.
        return size < 0 ? null : count - 3;
    }

    /// <summary>Reads a file of a process whole.</summary>
    /// <param name="directory">An open process directory.</param>
    /// <param name="file">Which file.</param>
    /// <param name="text">Valid until the next read.</param>
    /// <returns>Ok, Gone, Denied or Failed. Not recorded: the caller does it once the text is understood.</returns>
    public ReadOutcome Read(in ProcessDirectory directory, ProcFile file, out ReadOnlySpan<byte> text)
    {
        fixed (byte* name = file.Name())
        {
            return ReadAt(directory.Descriptor, name, file, out text);
        }
    }

    /// <summary>Reads a file of a process without opening its directory first; cheaper for a single file.</summary>
    public ReadOutcome Read(int pid, ProcFile file, out ReadOnlySpan<byte> text)
    {
        byte* path = stackalloc byte[48];
        byte* end = WritePid(path, pid);
        *end++ = (byte)'/';
        ReadOnlySpan<byte> name = file.Name();
        name.CopyTo(new Span<byte>(end, name.Length));
        end[name.Length] = 0;
        return ReadAt(_root, path, file, out text);
    }

    /// <summary>Reads a file of the node.</summary>
    public ReadOutcome Read(ProcFile file, out ReadOnlySpan<byte> text)
    {
        fixed (byte* name = file.Name())
        {
            return ReadAt(_root, name, file, out text);
        }
    }

    /// <summary>Opens a file of a process that may be long, to read it in pieces. Nothing else may be read until it is disposed.</summary>
    public ReadOutcome OpenLines(in ProcessDirectory directory, ProcFile file, out LineStream lines)
    {
        fixed (byte* name = file.Name())
        {
            int descriptor = Libc.OpenAt(directory.Descriptor, name, Libc.ReadOnly | Libc.CloseOnExec | Libc.NonBlocking, 0);
            lines = new LineStream(this, descriptor, _buffer);
            return descriptor >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Reads the next bytes of a file that <see cref="OpenLines"/> opened.</summary>
    /// <returns>Ok with a size of 0 at the end; Gone, Denied or Failed.</returns>
    public ReadOutcome Read(int file, Span<byte> into, out int size)
    {
        nint got;
        fixed (byte* at = into)
        {
            do
            {
                got = Libc.Read(file, at, into.Length);
            }
            while (got < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        }

        size = (int)Math.Max(0, got);
        return got < 0 ? Classify(Marshal.GetLastPInvokeError()) : ReadOutcome.Ok;
    }

    /// <summary>Reads a file by its path below the root.</summary>
    public ReadOutcome Read(string path, ProcFile kind, out ReadOnlySpan<byte> text)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return ReadAt(_root, name, kind, out text);
        }
    }

    /// <summary>Opens a kernel file that takes what is written to it; the caller closes it. A captured tree has no such files.</summary>
    public ReadOutcome OpenToWrite(ProcFile kind, out int file)
    {
        fixed (byte* name = kind.Name())
        {
            file = Libc.OpenAt(_root, name, Libc.ReadWrite | Libc.CloseOnExec | Libc.NonBlocking, 0);
        }

        long* facts = stackalloc long[16];
        if (file < 0 || (Libc.FStatFs(file, facts) == 0 && facts[0] == ProcMagic))
        {
            return file >= 0 ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }

        Libc.Close(file);
        return ReadOutcome.Gone;
    }

    /// <summary>Writes all of a text at once.</summary>
    public ReadOutcome Write(int file, ReadOnlySpan<byte> text)
    {
        fixed (byte* at = text)
        {
            return Libc.Write(file, at, text.Length) == text.Length ? ReadOutcome.Ok : Classify(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Reads a link of a process.</summary>
    public ReadOutcome ReadLink(in ProcessDirectory directory, ProcFile file, out ReadOnlySpan<byte> target)
    {
        target = default;
        fixed (byte* name = file.Name())
        fixed (byte* buffer = _buffer)
        {
            nint size = Libc.ReadLinkAt(directory.Descriptor, name, buffer, _buffer.Length);
            if (size < 0)
            {
                return Classify(Marshal.GetLastPInvokeError());
            }

            target = _buffer.AsSpan(0, (int)size);
            return ReadOutcome.Ok;
        }
    }

    private ReadOutcome ReadAt(int directory, byte* path, ProcFile kind, out ReadOnlySpan<byte> text)
    {
        text = default;
        int file = Libc.OpenAt(directory, path, Libc.ReadOnly | Libc.CloseOnExec | Libc.NonBlocking, 0);
        if (file < 0)
        {
            return Classify(Marshal.GetLastPInvokeError());
        }

        ReadOutcome outcome = Fill(file, kind, out int length);
        Libc.Close(file);
        text = _buffer.AsSpan(0, length);
        return outcome;
    }

    private ReadOutcome Fill(int file, ProcFile kind, out int length)
    {
        length = 0;
        while (true)
        {
            // The buffer may have grown beyond this file's bound for another file.
            if (length == Math.Min(_buffer.Length, kind.Bound()) && !Grow(kind))
            {
                Ledger.RecordCut(kind);
                return ReadOutcome.Ok;
            }

            // seq_file hands out at most about a page per read, so only zero means the end.
            int room = Math.Min(_buffer.Length, kind.Bound()) - length;
            nint got = Libc.Read(file, (byte*)Unsafe.AsPointer(ref _buffer[length]), room);
            if (got == 0)
            {
                return ReadOutcome.Ok;
            }

            if (got < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Interrupted)
                {
                    continue;
                }

                length = 0;
                return Classify(errno);
            }

            length += (int)got;
        }
    }

    private bool Grow(ProcFile kind)
    {
        if (_buffer.Length >= kind.Bound())
        {
            return false;
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Min(_buffer.Length * 2, kind.Bound()), pinned: true);
        _buffer.AsSpan().CopyTo(larger);
        _buffer = larger;
        return true;
    }

    private ReadOutcome Classify(int errno)
    {
        switch (errno)
        {
            case NoEntry or NoProcess or NotDirectory:
                return ReadOutcome.Gone;
            case AccessDenied or NotPermitted:
                return ReadOutcome.Denied;
            default:
                LastFailure = errno;
                return ReadOutcome.Failed;
        }
    }

    private static byte* WritePid(byte* at, int pid)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(pid, new Span<byte>(at, 11), out int written);
        return at + written;
    }
}
