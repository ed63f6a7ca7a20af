using System.IO;
using System.Linq;
using MapAgent.Mappings;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Mappings;

/// <summary>What a deep read says of files: which are large, remote, in shared memory, or gone from the disk.</summary>
public sealed class MappedFilesTests
{
    private const string Mounts = """
        1 0 254:0 / / rw - ext4 /dev/vda rw
        2 1 0:23 / /dev/shm rw - tmpfs tmpfs rw
        3 1 0:41 / /home rw - nfs4 server:/ rw
        4 1 0:42 / /remote\040a rw - fuse.sshfs host: rw
        5 1 0:43 / /tmp rw - tmpfs tmpfs rw

        """;

    [Fact]
    public void Files_are_listed_by_their_proportional_size_with_all_their_parts()
    {
        using MappedProcess process = new();
        process.Read(new SmapsText()
            .AddFile("/lib/small.so", 1, rss: 4).AddFile("/lib/large.so", 2, rss: 100, dirty: 8).AddFile("/lib/large.so", 2, rss: 20, rights: "r-xp")
            .AddFile("/lib/none.so", 3).AddFile("/lib/small.so", 1, rss: 8));

        MappedFile[] files = process.Anatomy.Files.ToArray();
        Assert.Equal(["/lib/large.so", "/lib/small.so", "/lib/none.so"], files.Select(static file => file.Path));
        Assert.Equal(new FileBytes(120 * 1024, 120 * 1024, 8 * 1024), files[0].Bytes);
        Assert.Equal((3, default(FileBytes)), (process.Anatomy.FileCount, process.Anatomy.OtherFiles));
    }

    [Fact]
    public void Files_beyond_the_largest_are_others()
    {
        using MappedProcess process = new();
        SmapsText text = new();
        for (int i = 0; i < 100; i++)
        {
            text.AddFile($"/f{i}", (ulong)i + 1, rss: i);
        }

        process.Read(text);
        Assert.Equal((Anatomy.MostFiles, 100), (process.Anatomy.Files.Length, process.Anatomy.FileCount));
        Assert.Equal("/f99", process.Anatomy.Files[0].Path);
        Assert.Equal(Enumerable.Range(0, 36).Sum() * 1024L, process.Anatomy.OtherFiles.Pss);
    }

    [Fact]
    public void A_file_on_a_tmpfs_at_dev_shm_is_shared_memory_by_whatever_path()
    {
        using MappedProcess process = new(Mounts);
        process.Read(new SmapsText()
            .AddFile("/dev/shm/a", 1, rights: "rw-s", device: "00:17", rss: 4).AddFile("/other/place/b", 2, rights: "rw-s", device: "00:17", rss: 8)
            .AddFile("/tmp/c", 3, rights: "rw-s", device: "00:2b", rss: 16));
        Assert.Equal(12 * 1024, process.Anatomy.Sums[MappingKind.PosixShm].Rss);
        Assert.Equal(16 * 1024, process.Anatomy.Sums[MappingKind.FileShared].Rss);
        Assert.Equal(3, process.Anatomy.FileCount);
    }

    [Fact]
    public void Remote_filesystems_are_told_by_the_device()
    {
        using MappedProcess process = new(Mounts);
        process.Read(new SmapsText()
            .AddFile("/home/a", 1, kib: 64, device: "00:29").AddFile("/home/a", 1, kib: 16, rights: "r--s", device: "00:29")
            .AddFile("/remote a/b", 2, kib: 128, device: "00:2a").AddFile("/bin/x", 3));
        Assert.Equal(80 * 1024, process.Anatomy.Sums[RemoteType.Nfs4]);
        Assert.Equal(128 * 1024, process.Anatomy.Sums[RemoteType.Fuse]);
        Assert.Equal(0, process.Anatomy.Sums[RemoteType.Nfs]);
    }

    [Fact]
    public void Mounts_are_asked_for_once_in_a_round_and_again_in_the_next()
    {
        using MappedProcess process = new(Mounts);
        SmapsText text = new SmapsText().AddFile("/home/a", 1, device: "00:29");
        process.Read(text);
        process.Read(text);
        Assert.Equal(1, process.Reader.Ledger.Reads(ProcFile.MountInfo, ReadOutcome.Ok));
        // The number is another filesystem's now.
        process.Tree.With(MappedProcess.Pid, "mountinfo", "1 0 0:41 / / rw - ext4 /dev/vda rw\n");
        process.Reading.Begin();
        process.Read(text);
        Assert.Equal(2, process.Reader.Ledger.Reads(ProcFile.MountInfo, ReadOutcome.Ok));
        Assert.Equal(0, process.Anatomy.Sums[RemoteType.Nfs4]);
    }

    [Fact]
    public void Unknown_filesystems_and_unreadable_mounts_leave_files_what_their_paths_say()
    {
        using MappedProcess process = new("nonsense\n");
        Assert.Equal(ReadOutcome.Ok, process.Read(new SmapsText().AddFile("/dev/shm/a", 1, rss: 4, device: "00:17").AddFile("/b", 2, rss: 8)));
        Assert.Equal(4 * 1024, process.Anatomy.Sums[MappingKind.PosixShm].Rss);
        Assert.Equal(8 * 1024, process.Anatomy.Sums[MappingKind.FilePrivate].Rss);
        Assert.Equal(1, process.Reader.Ledger.Reads(ProcFile.MountInfo, ReadOutcome.Malformed));
        process.Tree.With(MappedProcess.Pid, "mountinfo", "");
        File.Delete(Path.Combine(process.Tree.Path, $"{MappedProcess.Pid}/mountinfo"));
        Assert.Equal(ReadOutcome.Ok, process.Read(new SmapsText().AddFile("/b", 2, rss: 8)));
    }

    [Fact]
    public void More_filesystems_than_are_taken_leave_no_byte_out()
    {
        using MappedProcess process = new();
        SmapsText text = new();
        for (int i = 0; i < 400; i++)
        {
            text.AddFile("/a", 1, rss: 4, rights: i % 2 == 0 ? "r--s" : "r--p", device: $"00:{i + 16:x}");
        }

        process.Read(text);
        Assert.Equal(200 * 4096, process.Anatomy.Sums[MappingKind.FileShared].Rss);
        Assert.Equal(200 * 4096, process.Anatomy.Sums[MappingKind.FilePrivate].Rss);
        Assert.Equal(1, process.Reading.Truncations);
    }

    [Fact]
    public void Replaced_binaries_and_libraries_are_counted_once_each()
    {
        using MappedProcess process = new();
        process.Read(new SmapsText()
            .AddFile("/bin/x (deleted)", 1, rss: 4, rights: "r--p").AddFile("/bin/x (deleted)", 1, rss: 4, rights: "r-xp")
            .AddFile("/lib/y.so (deleted)", 2, rss: 8, rights: "r-xp").AddFile("/lib/y.so", 3, rss: 8, rights: "r-xp")
            .AddFile("/var/data (deleted)", 4, rss: 16, rights: "rw-s").Add("/memfd:z (deleted)", "rw-s", device: "00:01", inode: 5)
            .Add("/dev/zero (deleted)", "rw-s", device: "00:01", inode: 6).Add("/SYSV00000000 (deleted)", "rw-s", device: "00:01", inode: 7));
        Assert.Equal((3, 2), (process.Anatomy.DeletedFiles, process.Anatomy.DeletedPrograms));
        Assert.Equal(["/bin/x", "/lib/y.so", "/var/data"], process.Anatomy.Deleted.ToArray().Select(static file => file.Path));
        MappedFile[] files = process.Anatomy.Files.ToArray();
        Assert.Equal([("/lib/y.so", true), ("/lib/y.so", false)], files.Where(static file => file.Path == "/lib/y.so").Select(static file => (file.Path, file.IsDeleted)));
    }

    [Fact]
    public void Unlinked_segments_of_shared_memory_are_not_replaced_on_disk()
    {
        using MappedProcess process = new(Mounts);
        process.Read(new SmapsText().AddFile("/dev/shm/a (deleted)", 1, rights: "rw-s", device: "00:17").AddFile("/b (deleted)", 2, rights: "rw-s", device: "00:17"));
        Assert.Equal(0, process.Anatomy.DeletedFiles);
        Assert.Equal([("/dev/shm/a", true), ("/b", true)], process.Anatomy.Files.ToArray().Select(static file => (file.Path, file.IsDeleted)));
    }

    [Fact]
    public void A_file_that_is_really_named_so_is_not_deleted()
    {
        using MappedProcess process = new();
        string name = "x (deleted)";
        FileIdentity identity = Write(process, name);
        SmapsText text = new SmapsText().AddFile("/" + name, identity.Inode, rss: 4, rights: "r-xp", device: Hexadecimal(identity.Device));
        process.Read(text);
        Assert.Equal(0, process.Anatomy.DeletedFiles);
        Assert.Equal("/" + name, process.Anatomy.Files[0].Path);
        Assert.Equal(1, process.Reader.Ledger.Reads(ProcFile.MappedFile, ReadOutcome.Ok));

        // Another file has that name: the mapped one was replaced.
        process.Read(new SmapsText().AddFile("/" + name, identity.Inode + 1, rss: 4, rights: "r-xp", device: Hexadecimal(identity.Device)));
        Assert.Equal(1, process.Anatomy.DeletedFiles);
        process.Read(new SmapsText().AddFile("/" + name, identity.Inode, rss: 4, rights: "r-xp", device: "63:05"));
        Assert.Equal(1, process.Anatomy.DeletedFiles);
    }

    [Fact]
    public void A_newline_in_such_a_name_is_the_four_letters_that_the_kernel_writes_for_it()
    {
        using MappedProcess process = new();
        FileIdentity identity = Write(process, "a\nb (deleted)");
        process.Read(new SmapsText().AddFile("/a\\012b (deleted)", identity.Inode, rights: "r-xp", device: Hexadecimal(identity.Device)));
        Assert.Equal(0, process.Anatomy.DeletedFiles);
        Assert.Equal("/a\\012b (deleted)", process.Anatomy.Files[0].Path);
    }

    [Fact]
    public void Below_a_remote_mount_point_nothing_is_asked_that_could_wait_and_the_kernels_word_stands()
    {
        using MappedProcess process = new(Mounts);
        Directory.CreateDirectory(Path.Combine(process.Root, "home"));
        FileIdentity identity = Write(process, "home/x (deleted)");
        // Not looked up since it was made by another path, so the kernel may or may not have it at hand: both are right answers.
        process.Read(new SmapsText().AddFile("/home/never (deleted)", identity.Inode, rights: "r-xp", device: "00:29"));
        Assert.Equal(1, process.Anatomy.DeletedFiles);
        Assert.Equal(0, process.Reader.Ledger.Reads(ProcFile.MappedFile, ReadOutcome.Gone));
        Assert.Equal(1, process.Reader.Ledger.Reads(ProcFile.MappedFile, ReadOutcome.Failed));
    }

    [Fact]
    public void Many_deleted_files_are_all_counted_though_few_are_looked_up()
    {
        using MappedProcess process = new();
        SmapsText text = new();
        for (int i = 0; i < 200; i++)
        {
            text.AddFile($"/lib/{i} (deleted)", (ulong)i + 1, rights: i % 2 == 0 ? "r-xp" : "r--p");
        }

        process.Read(text);
        Assert.Equal((200, 100), (process.Anatomy.DeletedFiles, process.Anatomy.DeletedPrograms));
        Assert.Equal(Anatomy.MostDeleted, process.Anatomy.Deleted.Length);
        Assert.Equal(64, process.Reader.Ledger.Reads(ProcFile.MappedFile, ReadOutcome.Gone));
        Assert.Equal(1, process.Reading.Truncations);
    }

    private static FileIdentity Write(MappedProcess process, string name)
    {
        File.WriteAllText(Path.Combine(process.Root, name), "x");
        Assert.Equal(ReadOutcome.Ok, process.Reader.Open(MappedProcess.Pid, out ProcessDirectory directory));
        using (directory)
        {
            Assert.Equal(ReadOutcome.Ok, RootPath.Find(directory, System.Text.Encoding.UTF8.GetBytes("/" + name), mayWait: true, out FileIdentity identity));
            return identity;
        }
    }

    private static string Hexadecimal(Device device) => $"{device.Major:x2}:{device.Minor:x2}";
}
