using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Host;

/// <summary>
/// Reads memory cgroups below the mount of the cgroup filesystem. Only the paths that the kernel wrote into <c>/proc/PID/cgroup</c> are
/// asked for, and in this filesystem nobody can put a link.
/// </summary>
internal sealed class CgroupMemoryReading : IDisposable
{
    /// <summary>The most directories that are looked through for the agent's own cgroup.</summary>
    public const int MostDirectories = 20_000;

    private readonly ProcReader? _reader;
    private readonly ReadLedger _books;
    private readonly bool _isFirstVersion;
    private string? _own;

    private CgroupMemoryReading(ProcReader? reader, ReadLedger books, bool isFirstVersion)
    {
        _reader = reader;
        _books = books;
        _isFirstVersion = isFirstVersion;
    }

    /// <summary>Opens the mount: version 2, or the memory hierarchy of version 1.</summary>
    /// <param name="root">Such as /sys/fs/cgroup; empty for none.</param>
    /// <param name="ownRoot">Where this agent sees the cgroup namespace it is in; differs from the root in a container with the host's mount.</param>
    /// <param name="books">Counts how reads end.</param>
    public static CgroupMemoryReading Open(string root, string ownRoot, ReadLedger books)
    {
        string first = Path.Combine(root, "memory");
        bool isFirst = root.Length > 0 && File.Exists(Path.Combine(first, "memory.stat"));
        bool isSecond = !isFirst && root.Length > 0 && File.Exists(Path.Combine(root, "cgroup.controllers"));
        if (!isFirst && !isSecond)
        {
            return new CgroupMemoryReading(null, books, isFirstVersion: false);
        }

        ProcReader reader = new(new ProcRoot(isFirst ? first : root));
        CgroupMemoryReading reading = new(reader, books, isFirst);
        string own = isFirst ? Path.Combine(ownRoot, "memory") : ownRoot;
        reading._own = root == ownRoot || !Directory.Exists(own) ? "" : reading.FindOwn(own);
        return reading;
    }

    /// <summary>True when there is a mount to read from.</summary>
    public bool IsOpen => _reader is not null;

    /// <summary>Reads one cgroup.</summary>
    /// <param name="path">As <c>/proc/PID/cgroup</c> shows it: absolute, or up from the agent's own cgroup in a namespace of its own.</param>
    /// <param name="memory">What it says.</param>
    public ReadOutcome Read(string path, out CgroupMemory memory)
    {
        memory = default;
        if (_reader is null || Resolve(path) is not { } folder)
        {
            return ReadOutcome.Gone;
        }

        ReadOutcome outcome = _reader.Read(folder + "memory.stat", ProcFile.MemoryStat, out ReadOnlySpan<byte> text);
        MemoryStat stat = default;
        outcome = outcome == ReadOutcome.Ok ? MemoryStat.Parse(text, out stat) : outcome;
        if (_books.Record(ProcFile.MemoryStat, outcome) == ReadOutcome.Ok)
        {
            long? limit = _isFirstVersion ? stat.LimitBytes : Number(folder + "memory.max", ProcFile.MemoryMax);
            long? usage = Number(folder + (_isFirstVersion ? "memory.usage_in_bytes" : "memory.current"), ProcFile.MemoryCurrent);
            memory = new CgroupMemory(stat.ShmemBytes, limit == CgroupNumber.Unlimited ? null : limit, usage, stat.MajorFaults,
                stat.RefaultsFile + (stat.RefaultsAnon ?? 0));
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    /// <summary>The folder below the mount, ended by a slash; null when the path leads above what is known.</summary>
    internal string? Resolve(string path)
    {
        List<string> parts = [.. _own!.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                return null;
            }
        }

        return string.Concat(parts.Select(static part => part + "/"));
    }

    private long? Number(string path, ProcFile file)
    {
        long number = 0;
        ReadOutcome outcome = _reader!.Read(path, file, out ReadOnlySpan<byte> text);
        outcome = outcome == ReadOutcome.Ok ? CgroupNumber.Parse(text, out number) : outcome;
        return _books.Record(file, outcome) == ReadOutcome.Ok ? number : null;
    }

    // In a cgroup namespace of its own the agent sees its own cgroup as the root, and others by way of "..". Under the host's mount its
    // directory is the one with the same inode number.
    private string FindOwn(string own)
    {
        ulong wanted = InodeNumber.Of(own);
        Queue<string> folders = new([""]);
        for (int looked = 0; wanted != 0 && looked < MostDirectories && folders.TryDequeue(out string? folder); looked++)
        {
            string whole = Path.Combine(_reader!.Root.Path, folder);
            if (InodeNumber.Of(whole) == wanted)
            {
                return folder;
            }

            foreach (string below in Below(whole))
            {
                folders.Enqueue(Path.Combine(folder, below));
            }
        }

        return "";
    }

    private static string[] Below(string folder)
    {
        try
        {
            return [.. Directory.GetDirectories(folder).Select(static path => Path.GetFileName(path)!)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It went away, or is closed to this user; the agent's own is not below it.
            return [];
        }
    }
}
