using System;
using System.Collections.Generic;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>The anatomies of the members of a group together. Used again for the next sum.</summary>
internal sealed class AnatomySum
{
    private readonly Dictionary<string, FileBytes> _files = [];
    private readonly HashSet<FileIdentity> _deleted = [];
    private readonly List<KeyValuePair<string, FileBytes>> _ordered = [];
    private FileBytes _others;
    private long _unkeptDeleted;

    /// <summary>Sums by kind, hint and remote filesystem. A copy of it is the group's for good.</summary>
    public MappingSums Sums;

    /// <summary>How many anatomies are in it.</summary>
    public int Members { get; private set; }

    /// <summary>The most mappings of any member.</summary>
    public long MostMappings { get; private set; }

    /// <summary>The largest share of its address space that a 32-bit member uses; null without such members.</summary>
    public double? AddressSpaceUsed { get; private set; }

    /// <summary>How many different binaries and libraries are mapped that are no longer on disk under their name.</summary>
    public long DeletedPrograms => _deleted.Count + _unkeptDeleted;

    /// <summary>Begins with nothing.</summary>
    public void Clear()
    {
        _files.Clear();
        _deleted.Clear();
        _others = default;
        _unkeptDeleted = 0;
        Sums = default;
        Members = 0;
        MostMappings = 0;
        AddressSpaceUsed = null;
    }

    /// <summary>Adds a member that was measured.</summary>
    public void Add(Anatomy member)
    {
        Members++;
        Sums.Add(member.Sums);
        MostMappings = Math.Max(MostMappings, member.Mappings);
        if (member.AddressSpaceUsed is { } used)
        {
            AddressSpaceUsed = Math.Max(AddressSpaceUsed ?? 0, used);
        }

        foreach (ref readonly MappedFile file in member.Files)
        {
            _files[file.Path] = _files.GetValueOrDefault(file.Path).Plus(file.Bytes);
        }

        _others = _others.Plus(member.OtherFiles);
        long kept = 0;
        foreach (ref readonly DeletedFile file in member.Deleted)
        {
            if (file.IsProgram)
            {
                kept++;
                _deleted.Add(file.Identity);
            }
        }

        _unkeptDeleted += member.DeletedPrograms - kept;
    }

    /// <summary>
    /// The files with the largest Pss, the largest first; the old and the new file of one path are one. A file that is not among
    /// the <see cref="Anatomy.MostFiles"/> largest of a member counts there as another.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="largest">Cleared and filled.</param>
    /// <returns>What all other files take.</returns>
    public FileBytes TakeLargest(int count, List<KeyValuePair<string, FileBytes>> largest)
    {
        _ordered.Clear();
        _ordered.AddRange(_files);
        _ordered.Sort(static (one, other) => other.Value.Pss != one.Value.Pss
            ? other.Value.Pss.CompareTo(one.Value.Pss) : string.CompareOrdinal(one.Key, other.Key));
        largest.Clear();
        FileBytes others = _others;
        foreach (KeyValuePair<string, FileBytes> file in _ordered)
        {
            if (largest.Count < count)
            {
                largest.Add(file);
            }
            else
            {
                others = others.Plus(file.Value);
            }
        }

        return others;
    }
}
