using System;

namespace MapAgent.Mappings;

/// <summary>
/// What is mapped in one process: the outcome of a deep read. One object per process, written anew by each read that succeeds.
/// </summary>
internal sealed class Anatomy
{
    /// <summary>The most files that are kept with their names, the largest.</summary>
    public const int MostFiles = 64;

    /// <summary>The most deleted files that are kept with their names.</summary>
    public const int MostDeleted = 64;

    private MappedFile[] _files = [];
    private DeletedFile[] _deleted = [];
    private int _fileCount;
    private int _deletedCount;

    /// <summary>Sums by kind, hint and remote filesystem.</summary>
    public MappingSums Sums;

    /// <summary>False until a read has succeeded.</summary>
    public bool IsMeasured { get; private set; }

    /// <summary>How many mappings there are, as the kernel counts them for vm.max_map_count.</summary>
    public long Mappings { get; private set; }

    /// <summary>Bytes of address space that a 32-bit process can have; null for others.</summary>
    public long? AddressSpaceLimit { get; private set; }

    /// <summary>The share of it that is in use.</summary>
    public double? AddressSpaceUsed => AddressSpaceLimit is { } limit ? Math.Min(1, Sums.All.Virtual / (double)limit) : null;

    /// <summary>The largest files by Pss, the largest first.</summary>
    public ReadOnlySpan<MappedFile> Files => _files.AsSpan(0, _fileCount);

    /// <summary>How many files are mapped.</summary>
    public long FileCount { get; private set; }

    /// <summary>What the files beyond <see cref="Files"/> take together.</summary>
    public FileBytes OtherFiles { get; private set; }

    /// <summary>Files that are no longer on disk under their name; unlinked segments of shared memory are not among them.</summary>
    public ReadOnlySpan<DeletedFile> Deleted => _deleted.AsSpan(0, _deletedCount);

    /// <summary>How many there are, also of those that are not kept.</summary>
    public long DeletedFiles { get; private set; }

    /// <summary>How many of them are binaries or libraries.</summary>
    public long DeletedPrograms { get; private set; }

    /// <summary>An independent copy for a snapshot.</summary>
    public Anatomy Copy()
    {
        Anatomy copy = (Anatomy)MemberwiseClone();
        copy._files = Files.ToArray();
        copy._deleted = Deleted.ToArray();
        return copy;
    }

    /// <summary>Begins to write anew.</summary>
    internal void Begin(in MappingSums sums, long mappings, ulong end)
    {
        Sums = sums;
        Mappings = mappings;
        AddressSpaceLimit = AddressSpace.Limit(end);
        FileCount = 0;
        OtherFiles = default;
        DeletedFiles = 0;
        DeletedPrograms = 0;
        _fileCount = 0;
        _deletedCount = 0;
        IsMeasured = true;
    }

    /// <summary>Takes the number of files, and what those take that are not added one by one.</summary>
    internal void TakeOthers(long count, in FileBytes others)
    {
        FileCount = count;
        OtherFiles = others;
    }

    /// <summary>Adds a file; the largest comes first.</summary>
    internal void Add(in MappedFile file) => Append(ref _files, ref _fileCount, file, MostFiles);

    /// <summary>Adds a deleted file.</summary>
    internal void Add(in DeletedFile file)
    {
        DeletedFiles++;
        DeletedPrograms += file.IsProgram ? 1 : 0;
        Append(ref _deleted, ref _deletedCount, file, MostDeleted);
    }

    private static void Append<T>(ref T[] array, ref int count, in T item, int bound)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, Math.Min(bound, Math.Max(4, count * 2)));
        }

        if (count < bound)
        {
            array[count++] = item;
        }
    }
}
