using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class MountInfoTests
{
    private const string Line = "36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=continue\n";

    [Fact]
    public void Each_value_comes_from_its_own_field()
    {
        Assert.Equal(ReadOutcome.Ok, Parse(Line, out List<MountEntry> mounts));
        MountEntry mount = Assert.Single(mounts);
        Assert.Equal((36, 35, new Device(98, 0), "ext4"), (mount.Id, mount.Parent, mount.Device, mount.Type));
        Assert.Equal(("/root", "/point", "98:0"), (Encoding.ASCII.GetString(mount.Root), mount.Text, $"{mount.Device}"));
    }

    [Fact]
    public void Captured_mounts_keep_the_order_of_the_file_and_their_plain_names()
    {
        Assert.Equal(ReadOutcome.Ok, Parse(Fixture.Bytes("6.18", "sharing", "mountinfo"), out List<MountEntry> mounts));
        Assert.Equal(
            [
                "0:40 / / tmpfs",
                "0:41 / /proc proc",
                // The second lies on the first and hides it.
                "0:42 / /dev/shm tmpfs",
                "0:43 / /dev/shm tmpfs",
                "0:39 / /dev/mqueue mqueue",
                "0:44 / /mnt/blank tab\tnewline\nbackslash\\ tmpfs",
                "0:45 / /mnt/\u00ff\u00fe\u00c3\u00a9 tmpfs",
                "0:46 / /mnt/no-source tmpfs",
                "0:47 / /mnt/octal\\040 tmpfs",
                "0:40 /sub directory /mnt/part tmpfs",
                "0:40 /gone//deleted /mnt/gone tmpfs",
                "0:40 /file /mnt/file tmpfs",
                "0:4 net:[4026531833] /mnt/net nsfs",
                "0:48 / /mnt/fuse fuse.my fs",
                "0:49 / /mnt/overlay overlay",
                "0:51 / /mnt/unbindable tmpfs",
                "0:52 / /mnt/a tmpfs",
                "0:52 / /mnt/c tmpfs",
                "0:52 / /mnt/e tmpfs",
            ],
            mounts.Select(static mount =>
                $"{mount.Device} {Encoding.Latin1.GetString(mount.Root)} {Encoding.Latin1.GetString(mount.Point)} {mount.Type}"));
        Assert.Equal((44, 43), (mounts[0].Id, mounts[0].Parent));
        Assert.Equal((mounts[0].Id, mounts[2].Id), (mounts[2].Parent, mounts[3].Parent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("shared:1 ")]
    [InlineData("master:2 propagate_from:1 ")]
    [InlineData("shared:3 master:1 ")]
    [InlineData("unbindable ")]
    [InlineData("new:1 newer -- -x x- ")]
    public void Any_number_of_optional_fields_may_stand_before_the_dash(string optional)
    {
        Assert.Equal(ReadOutcome.Ok, Parse($"1 0 0:1 / /a rw {optional}- tmpfs - rw - x\n", out List<MountEntry> mounts));
        Assert.Equal("tmpfs", Assert.Single(mounts).Type);
    }

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"/\011\012\134", "/\t\n\\")]
    [InlineData(@"/\134040", @"/\040")]
    [InlineData(@"/\043\303\251", "/#\u00c3\u00a9")]
    [InlineData(@"/a\", @"/a\")]
    [InlineData(@"/a\04", @"/a\04")]
    [InlineData(@"/a\0408", "/a 8")]
    [InlineData(@"/a\048", @"/a\048")]
    [InlineData(@"/a\777", @"/a\777")]
    [InlineData(@"/a\x41\n", @"/a\x41\n")]
    public void Only_three_octal_digits_that_make_a_byte_are_an_escape(string written, string plain)
    {
        Assert.Equal(ReadOutcome.Ok, Parse($"1 0 0:1 {written} {written} rw - fuse.{written} x rw\n", out List<MountEntry> mounts));
        MountEntry mount = Assert.Single(mounts);
        Assert.Equal((plain, plain), (Encoding.Latin1.GetString(mount.Root), Encoding.Latin1.GetString(mount.Point)));
        Assert.Equal("fuse." + Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(plain)), mount.Type);
    }

    [Fact]
    public void A_process_whose_root_is_no_mount_has_none()
    {
        Assert.Equal(ReadOutcome.Ok, Parse("", out List<MountEntry> mounts));
        Assert.Empty(mounts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("1 0 0:1 / /a rw")]
    [InlineData("1 0 0:1 / /a rw shared:1")]
    [InlineData("1 0 0:1 / /a rw shared:1 tmpfs x rw")]
    [InlineData("1 0 0:1 / /a rw -")]
    [InlineData("1 0 0:1 / /a rw - ")]
    [InlineData("1 0 0:1 / /a rw -  x rw")]
    [InlineData("1 0 0:1 / /a rw - tmpfs")]
    [InlineData("1 0 0:1 / /a rw - tmpfs ")]
    [InlineData("1 0 0:1 / /a - tmpfs x rw")]
    [InlineData("1 0 0:1 / /a  - tmpfs x rw")]
    [InlineData("1 0 0:1  /a rw - tmpfs x rw")]
    [InlineData("1 0 0:1 /  rw - tmpfs x rw")]
    [InlineData("1 0 01 / /a rw - tmpfs x rw")]
    [InlineData("1 0 :1 / /a rw - tmpfs x rw")]
    [InlineData("1 0 0: / /a rw - tmpfs x rw")]
    [InlineData("1 0 0:+1 / /a rw - tmpfs x rw")]
    [InlineData("1 0 0:1:2 / /a rw - tmpfs x rw")]
    [InlineData("1 0 0:4294967296 / /a rw - tmpfs x rw")]
    [InlineData("-1 0 0:1 / /a rw - tmpfs x rw")]
    [InlineData("+1 0 0:1 / /a rw - tmpfs x rw")]
    [InlineData("1\0 0 0:1 / /a rw - tmpfs x rw")]
    [InlineData("2147483648 0 0:1 / /a rw - tmpfs x rw")]
    [InlineData("1 99999999999999999999 0:1 / /a rw - tmpfs x rw")]
    [InlineData(" 1 0 0:1 / /a rw - tmpfs x rw")]
    public void A_line_that_is_not_understood_is_left_out_and_the_others_stay(string line)
    {
        Assert.Equal(ReadOutcome.Malformed, Parse($"{Line}{line}\n{Line}", out List<MountEntry> mounts));
        Assert.Equal([36, 36], mounts.Select(static mount => mount.Id));
    }

    [Fact]
    public void A_cut_last_line_is_malformed_and_the_lines_before_stay()
    {
        Assert.Equal(ReadOutcome.Malformed, Parse(Line + Line[..^1], out List<MountEntry> mounts));
        Assert.Single(mounts);
    }

    [Fact]
    public void The_largest_numbers_are_exact()
    {
        Assert.Equal(ReadOutcome.Ok, Parse("2147483647 2147483647 4294967295:4294967295 / / rw - x x rw\n", out List<MountEntry> mounts));
        MountEntry mount = Assert.Single(mounts);
        Assert.Equal((int.MaxValue, int.MaxValue, new Device(uint.MaxValue, uint.MaxValue)), (mount.Id, mount.Parent, mount.Device));
    }

    [Fact]
    public void Invalid_text_stays_as_bytes_and_is_replaced_only_for_people()
    {
        Assert.Equal(ReadOutcome.Ok, Parse("1 0 0:1 /\u00ff /\u00fe rw - x\u00ff x rw\n", out List<MountEntry> mounts));
        MountEntry mount = Assert.Single(mounts);
        Assert.Equal([(byte)'/', 0xff], mount.Root);
        Assert.Equal([(byte)'/', 0xfe], mount.Point);
        Assert.Equal(("/\ufffd", "x\ufffd"), (mount.Text, mount.Type));
    }

    [Fact]
    public void A_line_of_a_megabyte_is_read_whole()
    {
        string layers = string.Join(':', Enumerable.Repeat("/var/lib/layer", 70_000));
        string text = $"1 0 0:1 / /{layers} rw - overlay overlay rw,lowerdir={layers}\n{Line}";
        Assert.Equal(ReadOutcome.Ok, Parse(text, out List<MountEntry> mounts));
        Assert.Equal([layers.Length + 1, 6], mounts.Select(static mount => mount.Point.Length));
    }

    [Theory]
    [InlineData("/", "/", true, true)]
    [InlineData("/", "/a", true, false)]
    [InlineData("/a", "/a", true, true)]
    [InlineData("/a", "/a/b", true, false)]
    [InlineData("/a", "/ab", false, false)]
    [InlineData("/a", "/", false, false)]
    [InlineData("/a/b", "/a", false, false)]
    [InlineData("/a", "", false, false)]
    public void A_mount_covers_its_point_and_what_lies_below(string point, string path, bool covers, bool isAt)
    {
        Assert.Equal(ReadOutcome.Ok, Parse($"1 0 0:1 / {point} rw - x x rw\n", out List<MountEntry> mounts));
        byte[] bytes = Encoding.ASCII.GetBytes(path);
        Assert.Equal((covers, isAt), (mounts[0].Covers(bytes), mounts[0].IsAt(bytes)));
    }

    [Fact]
    public void Any_names_come_back_as_the_kernel_escapes_them() =>
        Gen.OneOf(Gen.Byte[1, 255], Gen.Char[" \\\n04"].Select(static c => (byte)c)).Array[0, 30].Array[1, 6].Sample(names =>
        {
            IEnumerable<string> lines = names.Select(Escape)
                .Select(static name => $"1 0 0:1 /{name} /x/{name} rw - fuse.{name} {name} rw\n");
            Assert.Equal(ReadOutcome.Ok, Parse(string.Concat(lines), out List<MountEntry> mounts));
            Assert.Equal(names.Select(static name => (byte[])[.. "/"u8, .. name]), mounts.Select(static mount => mount.Root));
            Assert.Equal(names.Select(static name => (byte[])[.. "/x/"u8, .. name]), mounts.Select(static mount => mount.Point));
            Assert.Equal(names.Select(static name => "fuse." + Encoding.UTF8.GetString(name)), mounts.Select(static mount => mount.Type));
        });

    private static string Escape(byte[] name) =>
        string.Concat(name.Select(static b => b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\'
            ? $@"\{Convert.ToString(b, 8).PadLeft(3, '0')}" : $"{(char)b}"));

    private static ReadOutcome Parse(string text, out List<MountEntry> mounts) => Parse(Encoding.Latin1.GetBytes(text), out mounts);

    private static ReadOutcome Parse(byte[] text, out List<MountEntry> mounts)
    {
        mounts = [];
        return MountInfo.Parse(text, mounts);
    }
}
