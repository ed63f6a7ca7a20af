using System.Text;
using MapAgent.Procfs;

namespace MapAgent.Mappings;

/// <summary>
/// Asks what the page cache holds of files that a process maps. Files that somebody else serves are not asked for: the answer might
/// never come.
/// </summary>
internal sealed class FileCacheReading(ProcReader reader)
{
    private readonly MountTypes _mounts = new(reader);

    /// <summary>Begins with a process: learns what is mounted where.</summary>
    /// <returns>False when that cannot be known; then nothing may be asked.</returns>
    public bool Begin(in ProcessDirectory process)
    {
        _mounts.Clear();
        return _mounts.Learn(process) == ReadOutcome.Ok;
    }

    /// <summary>Asks for one file.</summary>
    /// <param name="process">The process that <see cref="Begin"/> was told.</param>
    /// <param name="file">One of those it maps.</param>
    /// <returns>Null when the file is deleted or not local, or the kernel gave no answer, which is counted.</returns>
    public CacheStat? Look(in ProcessDirectory process, in MappedFile file)
    {
        byte[] path = DeletedSuffix.Plain(Encoding.UTF8.GetBytes(file.Path)).ToArray();
        if (file.IsDeleted || _mounts[file.Identity.Device].Remote is not null || !_mounts.IsLocal(path))
        {
            return null;
        }

        ReadOutcome outcome = RootPath.CacheOf(process, path, file.Identity, out CacheStat cache);
        return reader.Ledger.Record(ProcFile.CacheStat, outcome) == ReadOutcome.Ok ? cache : null;
    }
}
