using System;
using System.IO;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class FileStampTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void It_is_what_the_kernel_says_of_the_file()
    {
        File.WriteAllText(_file, "12345");
        FileStamp stamp = FileStamp.Of(_file);

        Assert.True(stamp.Exists);
        Assert.Equal(5ul, stamp.Size);
        Assert.Equal(File.GetLastWriteTimeUtc(_file).Ticks - DateTime.UnixEpoch.Ticks, stamp.Modified / 100);
        Assert.Equal(stamp, FileStamp.Of(_file));
    }

    [Fact]
    public void It_differs_after_each_kind_of_change()
    {
        FileStamp first = FileStamp.Of(_file);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead);
        FileStamp rights = FileStamp.Of(_file);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        FileStamp open = FileStamp.Of(_file);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(_file, "x");
        FileStamp contents = FileStamp.Of(_file);
        File.Copy(_file, _file + ".new");
        File.Move(_file + ".new", _file, overwrite: true);
        FileStamp other = FileStamp.Of(_file);

        Assert.NotEqual(first, rights);
        Assert.Equal((false, true), (rights.IsReadableByAll, open.IsReadableByAll));
        Assert.NotEqual(open, contents);
        Assert.NotEqual(contents.Inode, other.Inode);
    }

    [Fact]
    public void A_file_that_is_not_there_has_none() => Assert.Equal((default, false), (FileStamp.Of(_file + ".not"), FileStamp.Of(_file + ".not").Exists));
}
