using System;

namespace MapAgent.Mappings;

/// <summary>
/// A filesystem whose pages come from somebody else who may be slow or gone: a server, a hypervisor, a process. The set is closed,
/// because the subtype of a FUSE mount is whatever its user chose.
/// </summary>
internal enum RemoteType
{
    /// <summary>NFS 2 and 3.</summary>
    Nfs,

    /// <summary>NFS 4.</summary>
    Nfs4,

    /// <summary>SMB, as cifs.</summary>
    Cifs,

    /// <summary>SMB 3.</summary>
    Smb3,

    /// <summary>A process; with any subtype, such as sshfs.</summary>
    Fuse,

    /// <summary>Plan 9, as virtual machines and sandboxes use it.</summary>
    Plan9,

    /// <summary>Ceph.</summary>
    Ceph,

    /// <summary>A directory of the hypervisor's host.</summary>
    VirtioFs,

    /// <summary>Lustre.</summary>
    Lustre,

    /// <summary>IBM Storage Scale.</summary>
    Gpfs,

    /// <summary>BeeGFS.</summary>
    BeeGfs,

    /// <summary>AFS.</summary>
    Afs,

    /// <summary>Coda.</summary>
    Coda,

    /// <summary>OrangeFS.</summary>
    OrangeFs,

    /// <summary>VirtualBox shared folders.</summary>
    VboxSf,

    /// <summary>GFS2, whose locks are its cluster's.</summary>
    Gfs2,

    /// <summary>OCFS2, whose locks are its cluster's.</summary>
    Ocfs2,
}

/// <summary>The types as label values and as the kernel writes them.</summary>
internal static class RemoteTypes
{
    /// <summary>How many types there are.</summary>
    public const int Count = 17;

    private static readonly string[] s_labels =
    [
        "nfs", "nfs4", "cifs", "smb3", "fuse", "9p", "ceph", "virtiofs", "lustre", "gpfs", "beegfs", "afs", "coda", "orangefs", "vboxsf", "gfs2",
        "ocfs2",
    ];

    /// <summary>All of them, in the order of their numbers.</summary>
    public static ReadOnlySpan<string> Labels => s_labels;

    /// <summary>The value of the label <c>fstype</c>.</summary>
    public static string Label(this RemoteType type) => s_labels[(int)type];

    /// <summary>The type by its name in mountinfo; null for a local one.</summary>
    public static RemoteType? Of(ReadOnlySpan<byte> type)
    {
        int dot = type.IndexOf((byte)'.');
        ReadOnlySpan<byte> name = dot < 0 ? type : type[..dot];
        // ntfs-3g and the like: the disk is local, the process that reads it is still another one.
        name = name.SequenceEqual("fuseblk"u8) ? "fuse"u8 : name;
        for (int i = 0; i < Count; i++)
        {
            if (Equal(name, s_labels[i]))
            {
                return (RemoteType)i;
            }
        }

        return null;
    }

    private static bool Equal(ReadOnlySpan<byte> name, string label)
    {
        bool equal = name.Length == label.Length;
        for (int i = 0; equal && i < name.Length; i++)
        {
            equal = name[i] == label[i];
        }

        return equal;
    }
}
