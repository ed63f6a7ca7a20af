using System;
using System.IO;
using System.Text;
using MapAgent.Procfs;
using MapAgent.Tests.Architecture;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class CacheStatTests : IDisposable
{
    private const int Size = 1 << 20;

    // On a disk: what is in a tmpfs is always cached.
    private readonly DirectoryInfo _root = Directory.CreateDirectory(Path.Combine(RepositoryRoot.File("artifacts"), $"cache-{Guid.NewGuid():N}"));
    private readonly ProcTree _tree = new();
    private readonly ProcReader _reader;

    public CacheStatTests()
    {
        _tree.WithProcess(42).WithLink(42, "root", _root.FullName);
        _reader = new ProcReader(_tree.Root);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _tree.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public void A_file_just_written_is_cached_whole()
    {
        FileIdentity file = Write("file");
        if (IsKnownHere("/file", file, out CacheStat cache))
        {
            Assert.Equal((Size / 4096, Size), (cache.Cached, cache.FileBytes));
            Assert.Equal(1, cache.CachedRatio(4096));
            Assert.Equal(0.25, (cache with { Cached = 64 }).CachedRatio(4096));
            Assert.Null((cache with { FileBytes = 0 }).CachedRatio(4096));
        }
    }

    [Fact]
    public void Another_file_under_the_same_path_is_not_taken_for_the_one_that_is_mapped()
    {
        FileIdentity old = Write("file");
        File.Move(Path.Combine(_root.FullName, "file"), Path.Combine(_root.FullName, "kept"));
        Write("file");
        Assert.Equal(ReadOutcome.Gone, Ask("/file", old, out _));
        Assert.Equal(ReadOutcome.Gone, Ask("/nothing", old, out _));
    }

    [Fact]
    public void A_link_is_not_followed_and_what_is_no_regular_file_is_not_opened()
    {
        FileIdentity file = Write("file");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "link"), "file");
        Assert.NotEqual(ReadOutcome.Ok, Ask("/link", file, out _));
        using Child mkfifo = Child.Start("mkfifo", Path.Combine(_root.FullName, "fifo"));
        mkfifo.WaitForExit();
        // Opened to be read, a fifo would wait for a writer.
        Assert.Equal(ReadOutcome.Gone, Ask("/fifo", Find("/fifo"), out _));
        Assert.Equal(ReadOutcome.Gone, Ask("/", Find("/"), out _));
    }

    // Since Linux 6.5; a seccomp filter may refuse what it does not know.
    private bool IsKnownHere(string path, FileIdentity file, out CacheStat cache)
    {
        ReadOutcome outcome = Ask(path, file, out cache);
        Assert.True(outcome is ReadOutcome.Ok or ReadOutcome.Failed or ReadOutcome.Denied, outcome.ToString());
        return outcome == ReadOutcome.Ok;
    }

    private FileIdentity Write(string name)
    {
        File.WriteAllBytes(Path.Combine(_root.FullName, name), new byte[Size]);
        return Find("/" + name);
    }

    private FileIdentity Find(string path)
    {
        Assert.Equal(ReadOutcome.Ok, _reader.Open(42, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, RootPath.Find(directory, Encoding.UTF8.GetBytes(path), mayWait: true, out FileIdentity file));
            return file;
        }
    }

    private ReadOutcome Ask(string path, FileIdentity file, out CacheStat cache)
    {
        Assert.Equal(ReadOutcome.Ok, _reader.Open(42, out ProcessDirectory directory));
        using (directory)
        {
            return RootPath.CacheOf(directory, Encoding.UTF8.GetBytes(path), file, out cache);
        }
    }
}
