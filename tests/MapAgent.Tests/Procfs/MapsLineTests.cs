using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed partial class MapsLineTests
{
    [Fact]
    public void A_shared_file_gives_range_rights_offset_device_inode_and_path()
    {
        ReadOnlySpan<byte> line = "7fb44f8ad000-7fb44f8af000 r-xs 20000001000 103:fff0 36                      /dev/shm/name"u8;
        Assert.True(MapsLine.TryParse(line, out MapsLine m));
        Assert.Equal((0x7fb44f8ad000UL, 0x7fb44f8af000UL, 8192UL, 0x20000001000UL), (m.Start, m.End, m.Size, m.Offset));
        Assert.Equal((true, false, true, true), (m.IsReadable, m.IsWritable, m.IsExecutable, m.IsShared));
        Assert.Equal((new Device(0x103, 0xfff0), 36UL), (m.Device, m.Inode));
        Assert.Equal("/dev/shm/name", Encoding.ASCII.GetString(m.Path));
    }

    [Fact]
    public void Captured_shared_mappings_keep_their_paths_to_the_last_byte()
    {
        List<string> shared = [];
        foreach (ReadOnlySpan<byte> line in new Lines(Fixture.Bytes("6.18", "sharing", "maps")))
        {
            Assert.True(MapsLine.TryParse(line, out MapsLine m));
            if (m.IsShared)
            {
                shared.Add($"{m.Device} {m.Inode} {m.Size} {Encoding.Latin1.GetString(m.Path)}");
            }
        }

        Assert.Equal(
            [
                "0:17 4421900 2097152 /anon_hugepage (deleted)",
                "0:1 1 65536 /SYSV00000000 (deleted)",
                "0:1 0 8192 /SYSV80000001 (deleted)",
                "0:1 0 8192 /SYSV80000001 (deleted)",
                "0:1 723 8192 /dev/zero (deleted)",
                "0:1 722 16384 /memfd:my memory (deleted)",
                "0:43 5 4096 /dev/shm/new\\012line \\ \u00ff ",
                "0:43 4 4096 /dev/shm/ended (deleted)",
                "0:43 3 4096 /dev/shm/two words (deleted)",
                "0:43 2 32768 /dev/shm/live",
            ],
            shared);
    }

    [Theory]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 0 ", "")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 0                                  [heap]", "[heap]")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 0                                  [anon:a b]", "[anon:a b]")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 0 x", "x")]
    [InlineData("ffffffffff600000-ffffffffffffffff --xp 00000000 00:00 0                  [vsyscall]", "[vsyscall]")]
    public void Memory_without_a_file_has_a_name_in_brackets_or_none(string line, string path)
    {
        Assert.True(MapsLine.TryParse(Encoding.ASCII.GetBytes(line), out MapsLine m));
        Assert.Equal((default, 0UL, path), (m.Device, m.Inode, Encoding.ASCII.GetString(m.Path)));
        Assert.False(m.IsShared);
    }

    [Fact]
    public void The_largest_numbers_are_exact()
    {
        ReadOnlySpan<byte> line = "0-ffffffffffffffff rwxs ffffffffffffffff ffffffff:ffffffff 18446744073709551615 "u8;
        Assert.True(MapsLine.TryParse(line, out MapsLine m));
        Assert.Equal((ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue), (m.End, m.Size, m.Offset, m.Inode));
        Assert.Equal(new Device(uint.MaxValue, uint.MaxValue), m.Device);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Size:                  4 kB")]
    [InlineData("Anonymous:             0 kB")]
    [InlineData("VmFlags: rd ex mr mw me ")]
    [InlineData("00401000-00401000 rw-p 00000000 00:00 0 ")]
    [InlineData("00402000-00401000 rw-p 00000000 00:00 0 ")]
    [InlineData("0040A000-0040B000 rw-p 00000000 00:00 0 ")]
    [InlineData("00400000-00401000 rw-p 00000000 00:1A 0 ")]
    [InlineData("0x400000-00401000 rw-p 00000000 00:00 0 ")]
    [InlineData("10000000000000000-10000000000001000 rw-p 00000000 00:00 0 ")]
    [InlineData("00400000-00401000 rw-p 00000000 100000000:00 0 ")]
    [InlineData("00400000-00401000 rw-p 00000000 00:100000000 0 ")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 18446744073709551616 ")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 -1 ")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 1a /x")]
    [InlineData("00400000-00401000 rw-p 00000000 00:00 1\0 /x")]
    [InlineData("00400000-00401000 rw-q 00000000 00:00 0 ")]
    [InlineData("00400000-00401000 ?w-p 00000000 00:00 0 ")]
    [InlineData("00400000-00401000 rx-p 00000000 00:00 0 ")]
    [InlineData("00400000-00401000 rw-p00000000 00:00 0 ")]
    [InlineData("00400000-00401000  rw-p 00000000 00:00 0 ")]
    [InlineData("00400000 00401000 rw-p 00000000 00:00 0 ")]
    public void What_the_kernel_does_not_print_is_refused(string line) =>
        Assert.False(MapsLine.TryParse(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void A_line_cut_before_the_blank_behind_the_inode_number_is_refused()
    {
        byte[] line = [.. "00400000-00401000 rw-s 00000000 00:2b 1234567 "u8];
        Assert.True(MapsLine.TryParse(line, out _));
        for (int length = 0; length < line.Length; length++)
        {
            Assert.False(MapsLine.TryParse(line.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("shell")]
    public void In_smaps_only_the_first_line_of_each_block_is_a_mapping_and_its_size_is_the_one_below(string process)
    {
        byte[] text = Fixture.Bytes("6.18", process, "smaps");
        List<ulong> sizes = [];
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (MapsLine.TryParse(line, out MapsLine m))
            {
                sizes.Add(m.Size);
            }
        }

        MatchCollection lines = SizeLine().Matches(Encoding.Latin1.GetString(text));
        Assert.Equal(lines.Select(static match => ulong.Parse(match.Groups["kb"].Value) * 1024), sizes);
    }

    [Fact]
    public void Any_mapping_comes_back_as_the_kernel_prints_it() =>
        Gen.Select(Gen.ULong[0, ulong.MaxValue - 1], Gen.ULong, Gen.UInt, Gen.UInt, Gen.ULong, Gen.Byte[11, 255].Array[0, 20]).Sample(
            (start, offset, major, minor, inode, name) =>
            {
                string header = $"{start:x8}-{ulong.MaxValue:x8} r--s {offset:x8} {major:x2}:{minor:x2} {inode} ";
                byte[] path = name.Length == 0 ? [] : [(byte)'/', .. name];
                byte[] line = [.. Encoding.ASCII.GetBytes(name.Length == 0 ? header : header.PadRight(73)), .. path];
                Assert.True(MapsLine.TryParse(line, out MapsLine m));
                Assert.Equal((start, offset, new Device(major, minor), inode), (m.Start, m.Offset, m.Device, m.Inode));
                Assert.Equal(path, m.Path.ToArray());
            });

    [GeneratedRegex(@"^Size: +(?<kb>[0-9]+) kB$", RegexOptions.Multiline)]
    private static partial Regex SizeLine();
}
