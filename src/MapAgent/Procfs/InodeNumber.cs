using System.Text;

namespace MapAgent.Procfs;

/// <summary>Asks for the number by which a filesystem knows a directory. 0 when it is gone.</summary>
internal static unsafe class InodeNumber
{
    /// <summary>Of an open process directory, see <see cref="PidList.Inodes"/>.</summary>
    public static ulong Of(in ProcessDirectory directory)
    {
        byte end = 0;
        ulong* answer = stackalloc ulong[32];
        return Libc.StatX(directory.Descriptor, &end, Libc.EmptyPath, Libc.InodeOnly, (byte*)answer) == 0 ? answer[4] : 0;
    }

    /// <summary>Of what is at a path.</summary>
    public static ulong Of(string path)
    {
        ulong* answer = stackalloc ulong[32];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Libc.StatX(Libc.WorkingDirectory, name, 0, Libc.InodeOnly, (byte*)answer) == 0 ? answer[4] : 0;
        }
    }
}
