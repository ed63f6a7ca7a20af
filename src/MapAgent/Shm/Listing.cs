using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Shm;

/// <summary>One segment as it was listed.</summary>
internal readonly record struct Listed(ulong Inode, long Bytes, long SizeBytes, long ChangedAt, uint Uid, int Mode, SegmentFamily Family, string Name);

/// <summary>
/// The names in one tmpfs, read at one moment, bounded by count and time. A listing that is not whole says nothing about sums:
/// what is missing could be anything.
/// </summary>
internal sealed class Listing
{
    private const int Depth = 16;
    private const int BufferSize = 32 * 1024;
    private readonly HashSet<ulong> _linked = [];
    private readonly byte[] _facts = new byte[FileFacts.Size];
    private readonly StringBuilder _path = new();
    private readonly Stopwatch _watch = new();
    private SegmentFamilies _families = new([]);
    private byte[][] _buffers = [];
    private int _left;
    private TimeSpan _time;
    private Device _device;

    /// <summary>The segments.</summary>
    public List<Listed> Segments { get; } = [];

    /// <summary>Allocated bytes of everything that has a name.</summary>
    public long Bytes { get; private set; }

    /// <summary>False when a bound bit, or a directory could not be read.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>True when a bound bit.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the names anew.</summary>
    /// <param name="handle">The mount.</param>
    /// <param name="families">Give each segment its family.</param>
    /// <param name="entries">How many entries it may look at.</param>
    /// <param name="time">How long it may take.</param>
    public ReadOutcome Read(in MountHandle handle, SegmentFamilies families, int entries, TimeSpan time)
    {
        Segments.Clear();
        _linked.Clear();
        _path.Clear();
        Bytes = 0;
        IsWhole = true;
        IsCut = false;
        _device = handle.Device;
        _families = families;
        _left = entries;
        _time = time;
        _watch.Restart();
        ReadOutcome outcome = ShmReader.OpenList(handle, out int directory);
        if (outcome == ReadOutcome.Ok)
        {
            Walk(directory, 0);
            ShmReader.Close(directory);
        }

        IsWhole &= outcome == ReadOutcome.Ok;
        return outcome;
    }

    private void Walk(int directory, int depth)
    {
        if (depth == _buffers.Length)
        {
            _buffers = [.. _buffers, new byte[BufferSize]];
        }

        byte[] buffer = _buffers[depth];
        int size;
        while ((size = ShmReader.Entries(directory, buffer)) > 0)
        {
            // One NUL ends each name in the record itself.
            DirectoryEntries entries = new(buffer.AsSpan(0, size));
            while (entries.MoveNext())
            {
                if (entries.Current.SequenceEqual("."u8) || entries.Current.SequenceEqual(".."u8))
                {
                    continue;
                }

                if (_left-- <= 0 || _watch.Elapsed > _time)
                {
                    IsWhole = false;
                    IsCut = true;
                    return;
                }

                Take(directory, entries.Current, depth);
            }
        }

        IsWhole &= size == 0;
    }

    private void Take(int directory, ReadOnlySpan<byte> name, int depth)
    {
        ReadOutcome outcome = ShmReader.Look(directory, name, _facts);
        FileFacts facts = new(_facts);
        if (outcome != ReadOutcome.Ok || facts.Device != _device)
        {
            // Gone since it was listed is no loss; a mount on it hides what is below, which nobody can list.
            IsWhole &= outcome == ReadOutcome.Gone;
            return;
        }

        bool first = facts.Links < 2 || facts.IsDirectory || _linked.Add(facts.Inode);
        Bytes += first ? facts.AllocatedBytes : 0;
        int length = _path.Length;
        _path.Append(length > 0 ? "/" : "").Append(Encoding.UTF8.GetString(name));
        if (facts.IsDirectory)
        {
            Descend(directory, name, depth);
        }
        else if (first)
        {
            string path = _path.ToString();
            Segments.Add(new Listed(
                facts.Inode, facts.AllocatedBytes, facts.SizeBytes, facts.ChangedAt, facts.Uid, facts.Mode, _families.Of(path), path));
        }

        _path.Length = length;
    }

    private void Descend(int directory, ReadOnlySpan<byte> name, int depth)
    {
        if (depth + 1 == Depth)
        {
            IsWhole = false;
            IsCut = true;
            return;
        }

        ReadOutcome outcome = ShmReader.OpenBelow(directory, name, out int below);
        if (outcome == ReadOutcome.Ok)
        {
            Walk(below, depth + 1);
            ShmReader.Close(below);
        }

        IsWhole &= outcome is ReadOutcome.Ok or ReadOutcome.Gone;
    }
}
