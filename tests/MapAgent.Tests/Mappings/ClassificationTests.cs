using System;
using System.Linq;
using System.Text;
using MapAgent.Mappings;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Mappings;

public sealed class ClassificationTests
{
    [Theory]
    // Heaps and stacks by name, also those that glibc names when glibc.mem.decorate_maps is set.
    [InlineData("heap", "rw-p 00000000 00:00 0 [heap]", "rd wr mr mw me ac")]
    [InlineData("heap", "rwxp 00000000 00:00 0 [heap]", "rd wr ex mr mw me ac")]
    [InlineData("heap", "rw-p 00000000 00:00 0 [anon: glibc: malloc arena]", "rd wr mr mw me ac")]
    [InlineData("stack", "rw-p 00000000 00:00 0 [stack]", "rd wr mr mw me gd ac")]
    [InlineData("stack", "rw-p 00000000 00:00 0 [anon: glibc: pthread stack: 1234]", "rd wr mr mw me ac")]
    [InlineData("stack", "rw-p 00000000 00:00 0 ", "rd wr mr mw me gd ac")]
    // Memory of no file.
    [InlineData("anon_private", "rw-p 00000000 00:00 0 ", "rd wr mr mw me ac")]
    [InlineData("anon_private", "---p 00000000 00:00 0 ", "mr mw me nr")]
    [InlineData("anon_private", "rw-p 00000000 00:00 0 [anon:v8]", "rd wr mr mw me ac")]
    [InlineData("anon_private", "rw-p 00000000 00:06 4 /dev/zero", "rd wr mr mw me ac")]
    [InlineData("anon_shared", "rw-s 00000000 00:01 1321 /dev/zero (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("anon_shared", "rw-s 00000000 00:01 1321 [anon_shmem:pool]", "rd wr sh mr mw me ms")]
    // Executable memory of no file.
    [InlineData("jit", "rwxp 00000000 00:00 0 ", "rd wr ex mr mw me ac")]
    [InlineData("jit", "r-xp 00000000 00:00 0 [anon:v8]", "rd ex mr mw me ac")]
    [InlineData("jit", "r-xs 00000000 00:01 1321 /dev/zero (deleted)", "rd ex mr mw me ms")]
    [InlineData("jit", "rw-s 01785000 00:01 2177 /memfd:doublemapper (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("jit", "r-xs 01785000 00:01 2177 /memfd:doublemapper (deleted)", "rd ex sh mr mw me ms")]
    [InlineData("jit", "rw-s 00000000 00:01 2177 /memfd:tcg-jit (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("jit", "r-xs 00000000 00:01 2177 /memfd:code (deleted)", "rd ex mr mw me ms")]
    // Files in memory.
    [InlineData("memfd", "rw-s 00000000 00:01 1322 /memfd:seg (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("memfd", "r-xp 00000000 00:01 1322 /memfd:runc (deleted)", "rd ex mr mw me")]
    [InlineData("memfd", "rw-s 00000000 00:01 1322 /memfd:doublemapper-not (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("posix_shm", "rw-s 00000000 00:17 5 /dev/shm/PostgreSQL.123", "rd wr sh mr mw me ms")]
    [InlineData("posix_shm", "rw-s 00000000 00:17 5 /dev/shm/x (deleted)", "rd wr sh mr mw me ms")]
    [InlineData("sysv_shm", "rw-s 00000000 00:01 32768 /SYSV00000000 (deleted)", "rd wr sh mr mw me ms")]
    // hugetlb, whatever it is the memory of.
    [InlineData("hugetlb", "rw-s 00000000 00:11 388780 /anon_hugepage (deleted)", "rd wr sh mr mw me ms de ht")]
    [InlineData("hugetlb", "rw-s 00000000 00:11 3 /SYSV00000001 (deleted)", "rd wr sh mr mw me ms de ht")]
    [InlineData("hugetlb", "rw-s 00000000 00:2a 3 /dev/hugepages/x", "rd wr sh mr mw me ms de ht")]
    [InlineData("hugetlb", "rw-s 00000000 00:2a 3 /memfd:big (deleted)", "rd wr sh mr mw me ms de ht")]
    // Files on disk.
    [InlineData("file_private", "r-xp 00026000 fe:00 332096 /usr/lib/x86_64-linux-gnu/libc.so.6", "rd ex mr mw me")]
    [InlineData("file_private", "rw-p 00026000 fe:00 332096 /usr/lib/x (deleted)", "rd wr mr mw me ac")]
    [InlineData("file_shared", "r--s 00000000 fe:00 7 /var/lib/index/_0.cfs", "rd mr me ms")]
    [InlineData("file_shared", "rw-s 00000000 fe:00 7 /home/a/[heap]", "rd wr sh mr mw me ms")]
    [InlineData("file_private", "r--p 00000000 fe:00 7 /memfd:x (deleted)", "rd mr mw me")]
    [InlineData("file_private", "r--p 00000000 fe:00 7 /SYSV00000000 (deleted)", "rd mr mw me")]
    [InlineData("file_private", "r--p 00000000 fe:00 7 /device/shm/x", "rd mr mw me")]
    // Drivers and rings.
    [InlineData("device", "rw-s 00000000 00:06 9 /dev/nvidia0", "rd wr sh mr mw me ms pf io de dd")]
    [InlineData("device", "rw-s 00000000 00:06 9 /dev/dri/renderD128", "rd wr sh mr mw me ms")]
    [InlineData("device", "rw-s 00000000 00:15 9 /sys/bus/pci/devices/0000:00:02.0/resource0", "rd wr sh mr mw me ms pf io de dd")]
    [InlineData("device", "rw-s 00000000 00:0e 9 anon_inode:[perf_event]", "rd wr sh mr mw me ms de dd")]
    [InlineData("device", "rw-s 00000000 00:08 9 socket:[4711]", "rd wr sh mr mw me ms")]
    [InlineData("device", "rw-s 00000000 00:0f 9 /[aio] (deleted)", "rd wr sh mr mw me ms de")]
    [InlineData("device", "rw-p 00000000 00:00 0 ", "rd wr mr mw me pf io de dd")]
    // The kernel's own.
    [InlineData("special", "r-xp 00000000 00:00 0 [vdso]", "rd ex mr mw me de")]
    [InlineData("special", "r--p 00000000 00:00 0 [vvar]", "rd mr pf io de dd")]
    [InlineData("special", "r--p 00000000 00:00 0 [vvar_vclock]", "rd mr pf io de dd")]
    [InlineData("special", "--xp 00000000 00:00 0 [vsyscall]", "ex")]
    [InlineData("special", "--xp 00000000 00:00 0 [uprobes]", "ex")]
    public void A_mapping_is_of_one_kind(string kind, string line, string flags)
    {
        Assert.True(MapsLine.TryParse(Encoding.ASCII.GetBytes("7f0000000000-7f0000001000 " + line), out MapsLine mapping));
        MappingShape shape = Classification.Shape(mapping);
        VmFlags set = VmFlagCodes.Parse(Encoding.ASCII.GetBytes(flags));

        Assert.Equal(kind, Classification.Kind(shape, mapping.IsShared, mapping.IsExecutable, set).Label());
    }

    [Fact]
    public void Labels_are_those_that_dashboards_know()
    {
        Assert.Equal(
            "heap stack anon_private anon_shared file_private file_shared posix_shm sysv_shm memfd hugetlb device jit special".Split(' '),
            Enum.GetValues<MappingKind>().Select(static kind => kind.Label()));
        Assert.Equal(
            "sequential random hugepage nohugepage dontfork dontdump wipeonfork mergeable".Split(' '), Enum.GetValues<Advice>().Select(static advice => advice.Label()));
        Assert.Equal(RemoteTypes.Labels.ToArray(), Enum.GetValues<RemoteType>().Select(static type => type.Label()));
        Assert.Equal((MappingKinds.Count, Advices.Count, RemoteTypes.Count), (MappingKinds.Labels.Length, Advices.Labels.Length, RemoteTypes.Labels.Length));
    }

    [Theory]
    [InlineData("nfs", "nfs")]
    [InlineData("nfs4", "nfs4")]
    [InlineData("cifs", "cifs")]
    [InlineData("fuse.sshfs", "fuse")]
    [InlineData("fuse.nfs", "fuse")]
    [InlineData("fuseblk", "fuse")]
    [InlineData("9p", "9p")]
    [InlineData("ext4", null)]
    [InlineData("overlay", null)]
    [InlineData("nfsd", null)]
    [InlineData("autofs", null)]
    [InlineData("", null)]
    public void A_filesystem_is_remote_by_its_type(string type, string? expected) =>
        Assert.Equal(expected, RemoteTypes.Of(Encoding.ASCII.GetBytes(type))?.Label());

    [Theory]
    [InlineData(0x7fff_ffff_f000, null)]
    [InlineData(0x1_0000_0001, null)]
    [InlineData(0xffff_e000, 4L << 30)]
    [InlineData(0xc000_0001, 4L << 30)]
    [InlineData(0xc000_0000, 3L << 30)]
    [InlineData(0x0040_0000, 3L << 30)]
    [InlineData(0, null)]
    public void The_address_space_ends_where_nothing_is_above(long end, long? limit) => Assert.Equal(limit, AddressSpace.Limit((ulong)end));
}
