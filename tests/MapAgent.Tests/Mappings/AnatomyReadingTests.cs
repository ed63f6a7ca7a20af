using System;
using System.Linq;
using CsCheck;
using MapAgent.Mappings;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Mappings;

public sealed class AnatomyReadingTests
{
    private static readonly (string Path, string Rights, string Device, string Flags)[] s_any =
    [
        ("", "rw-p", "00:00", "rd wr ac"), ("[heap]", "rw-p", "00:00", "rd wr ac hg"), ("/bin/a", "r-xp", "fe:00", "rd ex rr"), ("/bin/b", "r--s", "fe:01", "rd ms sr"),
        ("/memfd:x (deleted)", "rw-s", "00:01", "rd wr ms"), ("/dev/shm/x", "rw-s", "00:17", "rd wr ms dc"), ("", "r-xp", "00:00", "rd ex dd"),
        ("/dev/fb0", "rw-s", "00:06", "rd wr ms io dd"), ("[vvar]", "r--p", "00:00", "rd pf io dd"), ("[stack]", "rw-p", "00:00", "rd wr gd"),
    ];

    [Fact]
    public void The_kinds_of_a_captured_process_add_up_to_its_rollup()
    {
        using MappedProcess process = new();
        Assert.Equal(ReadOutcome.Ok, process.Read(Fixture.Bytes("6.18", "everything", "smaps")));
        Assert.Equal(ReadOutcome.Ok, SmapsRollup.Parse(Fixture.Bytes("6.18", "everything", "smaps_rollup"), out SmapsRollup rollup));
        KindBytes all = process.Anatomy.Sums.All;
        Assert.Equal(rollup[RollupField.Rss], all.Rss);
        Assert.Equal(rollup[RollupField.Swap], all.Swap);
        Assert.InRange(rollup[RollupField.Pss]!.Value - all.Pss, 0, 1024 * process.Anatomy.Mappings);
        Assert.Equal(rollup[RollupField.PrivateHugetlb], process.Anatomy.Sums.Total[RollupField.PrivateHugetlb]);
        // 35 in the file, one of them [vsyscall].
        Assert.Equal(34, process.Anatomy.Mappings);
        Assert.Null(process.Anatomy.AddressSpaceLimit);
        Assert.Equal(2 * 2048 * 1024, process.Anatomy.Sums[MappingKind.Hugetlb].Virtual);
        Assert.Equal(2048 * 1024, process.Anatomy.Sums[Advice.HugePage]);
        Assert.Equal(1024 * 1024, process.Anatomy.Sums[Advice.Mergeable]);
        Assert.Equal(0, process.Anatomy.Sums[Advice.DontDump]);
        Assert.Equal(3, process.Anatomy.FileCount);
        Assert.Equal("/usr/lib/x86_64-linux-gnu/libc.so.6", process.Anatomy.Files[0].Path);
    }

    [Fact]
    public void Every_byte_is_in_one_kind_and_every_file_is_in_its_kinds() =>
        Gen.Select(Gen.Int[0, s_any.Length - 1], Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[1, 50]).Array[1, 60].Sample(
            mappings =>
            {
                using MappedProcess process = new();
                SmapsText text = new();
                foreach ((int what, int rss, int swap, int kib) in mappings)
                {
                    (string path, string rights, string device, string flags) = s_any[what];
                    text.Add(path, rights, kib * 4, rss: rss * 4, pss: rss, dirty: rss, swap: swap, flags: flags, device: device, inode: path.StartsWith('/') ? 7UL : 0);
                }

                Assert.Equal(ReadOutcome.Ok, process.Read(text));
                ref MappingSums sums = ref process.Anatomy.Sums;
                Assert.Equal(
                    new KindBytes(mappings.Sum(static m => m.Item2) * 1024L, mappings.Sum(static m => m.Item2) * 4096L,
                        mappings.Sum(static m => m.Item4) * 4096L, mappings.Sum(static m => m.Item3) * 1024L),
                    sums.All);
                Assert.Equal(sums.All.Rss, sums.Total[RollupField.Rss]);
                long files = sums[MappingKind.FilePrivate].Rss + sums[MappingKind.FileShared].Rss + sums[MappingKind.PosixShm].Rss;
                long named = process.Anatomy.OtherFiles.Rss;
                foreach (MappedFile file in process.Anatomy.Files)
                {
                    named += file.Bytes.Rss;
                }

                Assert.Equal(files, named);
                // The flags of drivers are no hints.
                Assert.Equal(mappings.Where(static m => m.Item1 == 6).Sum(static m => m.Item4) * 4096L, sums[Advice.DontDump]);
                Assert.Equal(mappings.Where(static m => m.Item1 == 2).Sum(static m => m.Item4) * 4096L, sums[Advice.Random]);
            },
            iter: 100);

    [Fact]
    public void What_was_read_before_leaves_no_trace()
    {
        using MappedProcess process = new();
        process.Read(new SmapsText().AddFile("/lib/a (deleted)", 1, rss: 8, rights: "r-xp").Add("[heap]", rss: 4, flags: "rd hg"));
        Assert.Equal((1, 1), (process.Anatomy.DeletedPrograms, process.Anatomy.FileCount));
        process.Read(new SmapsText().Add("", rss: 12));
        Assert.Equal((0, 0, 1), (process.Anatomy.DeletedPrograms, process.Anatomy.FileCount, process.Anatomy.Mappings));
        Assert.Equal(0, process.Anatomy.Files.Length + process.Anatomy.Deleted.Length);
        Assert.Equal(12 * 1024, process.Anatomy.Sums.All.Rss);
        Assert.Equal(0, process.Anatomy.Sums[Advice.HugePage]);
    }

    [Fact]
    public void A_read_that_does_not_succeed_leaves_the_last_one_as_it_was()
    {
        using MappedProcess process = new();
        Assert.False(process.Anatomy.IsMeasured);
        byte[] text = new SmapsText().AddFile("/lib/a", 1, rss: 8).Add("", rss: 12).ToBytes();
        Assert.Equal(ReadOutcome.Ok, process.Read(text));
        for (int length = 1; length < text.Length; length++)
        {
            ReadOutcome outcome = process.Read(text[..length]);
            // Cut exactly between two mappings, which only an exec does, and then the stat tells.
            Assert.Equal(IsBoundary(text, length) ? ReadOutcome.Ok : ReadOutcome.Malformed, outcome);
            Assert.True(process.Anatomy.IsMeasured);
            if (outcome != ReadOutcome.Ok)
            {
                Assert.Equal(20 * 1024, process.Anatomy.Sums.All.Rss);
            }
            else
            {
                Assert.Equal(ReadOutcome.Ok, process.Read(text));
            }
        }

        Assert.True(process.Reader.Ledger.Reads(ProcFile.Smaps, ReadOutcome.Malformed) > 1000);
    }

    [Fact]
    public void Whoever_has_no_memory_is_no_address_space_and_not_nothing()
    {
        using MappedProcess process = new();
        Assert.Equal(ReadOutcome.NoAddressSpace, process.Read([]));
        process.Tree.With(MappedProcess.Pid, "stat", new StatLine { State = 'Z' }.ToBytes());
        Assert.Equal(ReadOutcome.NoAddressSpace, process.Read(new SmapsText().Add()));
        process.Tree.With(MappedProcess.Pid, "stat", new StatLine { Flags = "2129984" }.ToBytes());
        Assert.Equal(ReadOutcome.NoAddressSpace, process.Read());
        process.Tree.With(MappedProcess.Pid, "stat", new StatLine { StartTicks = 1235 }.ToBytes());
        Assert.Equal(ReadOutcome.Gone, process.Read());
        process.Tree.Remove(MappedProcess.Pid);
        Assert.Equal(ReadOutcome.Gone, process.Read());
        Assert.False(process.Anatomy.IsMeasured);
        Assert.Equal(3, process.Reader.Ledger.Reads(ProcFile.Smaps, ReadOutcome.NoAddressSpace));
        Assert.Equal(1, process.Reader.Ledger.Reads(ProcFile.Smaps, ReadOutcome.Gone));
    }

    [Fact]
    public void Numbers_that_no_machine_has_do_not_make_sums_negative()
    {
        using MappedProcess process = new();
        long huge = (1L << 53) - 1;
        process.Read(new SmapsText().Add("[heap]", rss: huge, swap: huge).Add("[heap]", rss: huge, swap: huge).AddFile("/a", 1, rss: huge, dirty: huge).AddFile("/a", 1, rss: huge, dirty: huge));
        Assert.Equal((long.MaxValue, long.MaxValue), (process.Anatomy.Sums[MappingKind.Heap].Rss, process.Anatomy.Sums.All.Pss));
        Assert.Equal(long.MaxValue, process.Anatomy.Sums.Total[RollupField.Swap]);
        Assert.Equal(long.MaxValue, process.Anatomy.Files[0].Bytes.Dirty);
        AnatomySum sum = new();
        sum.Add(process.Anatomy);
        sum.Add(process.Anatomy);
        Assert.Equal(long.MaxValue, sum.Sums[MappingKind.FilePrivate].Pss);
    }

    [Fact]
    public void More_mappings_than_the_bound_are_not_read_and_counted()
    {
        using MappedProcess process = new();
        process.Reading = new AnatomyReading(process.Reader) { MostMappings = 100 };
        SmapsText text = new();
        Enumerable.Range(0, 200).ToList().ForEach(_ => text.Add());
        Assert.Equal(ReadOutcome.Failed, process.Read(text));
        Assert.Equal(1, process.Reading.Truncations);
        Assert.False(process.Anatomy.IsMeasured);
    }

    [Fact]
    public void Sixty_thousand_mappings_are_read_whole_and_reading_them_again_allocates_nothing()
    {
        using MappedProcess process = new();
        SmapsText text = new();
        for (int i = 0; i < 30_000; i++)
        {
            text.AddFile($"/index/_{i % 500}.cfs", (ulong)(i % 500), rss: i % 8, rights: "r--s").Add("", rss: 4, flags: "rd wr rr");
        }

        Assert.Equal(ReadOutcome.Ok, process.Read(text));
        Assert.Equal(60_000, process.Anatomy.Mappings);
        Assert.Equal(500, process.Anatomy.FileCount);
        Assert.Equal(30_000L * 64 * 1024, process.Anatomy.Sums[Advice.Random]);
        Assert.Equal(0, process.Reading.Truncations);
        Assert.Equal(ReadOutcome.Ok, process.Reader.Open(MappedProcess.Pid, out ProcessDirectory directory));
        using (directory)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOutcome outcome = process.Reading.Read(directory, new ProcessId(MappedProcess.Pid, 1234), process.Anatomy);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(ReadOutcome.Ok, outcome);
        }
    }

    [Fact]
    public void A_program_with_nothing_above_four_gibibytes_has_32_bits()
    {
        using MappedProcess process = new();
        process.Read(new SmapsText().Add("", kib: 1 << 20, at: 0x0804_8000).Add("[stack]", kib: 128, at: 0xbff0_0000));
        Assert.Equal(3L << 30, process.Anatomy.AddressSpaceLimit);
        Assert.Equal(((1L << 30) + (128 << 10)) / (double)(3L << 30), process.Anatomy.AddressSpaceUsed);
        process.Read(new SmapsText().Add("", at: 0x0804_8000, kib: 1 << 20).Add("[stack]", at: 0xffd0_0000, kib: 128));
        Assert.Equal(4L << 30, process.Anatomy.AddressSpaceLimit);
        process.Read(new SmapsText().Add("[stack]", at: 0x7ffc_0000_0000).Add("[vsyscall]", rights: "--xp", at: 0xffff_ffff_ff60_0000, kib: 4));
        Assert.Null(process.Anatomy.AddressSpaceUsed);
        Assert.Equal(1, process.Anatomy.Mappings);
    }

    private static bool IsBoundary(byte[] text, int length) =>
        text[length - 1] == '\n' && text.AsSpan(0, length).EndsWith(" \n"u8) && text.AsSpan(0, length - 1)[(text.AsSpan(0, length - 1).LastIndexOf((byte)'\n') + 1)..].StartsWith("VmFlags"u8);
}
