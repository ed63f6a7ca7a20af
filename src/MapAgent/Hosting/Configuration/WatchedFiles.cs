using System.Collections.Generic;
using System.IO;
using MapAgent.Procfs;

namespace MapAgent.Hosting.Configuration;

/// <summary>Files with the stamps they had before they were read, so that a change during the reading is seen as one.</summary>
internal sealed class WatchedFiles
{
    private const int SizeBound = 1024 * 1024;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;
    private readonly Dictionary<string, FileStamp> _stamps = [];

    /// <summary>True when one of them is not what it was.</summary>
    public bool HaveChanged
    {
        get
        {
            foreach (KeyValuePair<string, FileStamp> file in _stamps)
            {
                if (FileStamp.Of(file.Key) != file.Value)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Takes the stamp of a file.</summary>
    public void Add(string path) => _stamps[path] = FileStamp.Of(path);

    /// <summary>True for a file that can be read without waiting for anybody, as it was when it was added.</summary>
    public bool IsRegular(string path) => (_stamps[path].Mode & KindMask) == RegularFile;

    /// <summary>True when it can be read by everybody on the node.</summary>
    public bool IsReadableByAll(string path) => _stamps[path].IsReadableByAll;

    /// <summary>Reads a file that was added.</summary>
    /// <exception cref="IOException">It is no regular file, too large, or cannot be read.</exception>
    /// <exception cref="System.UnauthorizedAccessException">It may not be read.</exception>
    public string Read(string path)
    {
        if (!_stamps[path].Exists)
        {
            throw new FileNotFoundException("there is no such file, or its directory may not be entered");
        }

        if (!IsRegular(path))
        {
            throw new IOException("it is no regular file");
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        char[] text = new char[SizeBound + 1];
        int length = reader.ReadBlock(text, 0, text.Length);
        return length <= SizeBound ? new string(text, 0, length) : throw new IOException($"it is larger than {SizeBound} characters");
    }
}
