using System.Text;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class MountLineTests
{
    [Theory]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue", "98:0", "/mnt2", "ext3")]
    [InlineData("36 35 0:41 / /a\\040b rw shared:1 master:2 propagate_from:3 - fuse.sshfs host: rw", "0:41", "/a b", "fuse.sshfs")]
    [InlineData("36 35 0:41 / /x\\134040\\011 rw - tmpfs a - b rw", "0:41", "/x\\040\t", "tmpfs")]
    public void Device_place_and_type_are_read(string line, string device, string point, string type)
    {
        Assert.True(MountLine.TryParse(Encoding.ASCII.GetBytes(line), out MountLine mount));
        Assert.Equal(device, mount.Device.ToString());
        Assert.Equal(point, Encoding.ASCII.GetString(MountLine.Unescape(mount.Point)));
        Assert.Equal(type, Encoding.ASCII.GetString(mount.Type));
        Assert.Equal((36, 35), (mount.Id, mount.Parent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 ext3 /dev/root rw")]
    [InlineData("36 35 98 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("-1 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw - ")]
    [InlineData("36 35 98:0")]
    public void Anything_else_is_refused(string line) => Assert.False(MountLine.TryParse(Encoding.ASCII.GetBytes(line), out _));
}
