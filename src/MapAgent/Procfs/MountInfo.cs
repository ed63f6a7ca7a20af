using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/mountinfo (fs/proc_namespace.c, show_mountinfo): <c>36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw</c>,
/// with a changing number of fields before the lone dash. Blank, tab, newline and backslash are written as three octal digits, in
/// types and sources the hash sign too. A source may be empty: two blanks stand there.
/// </summary>
internal static class MountInfo
{
    /// <summary>Reads the file.</summary>
    /// <param name="text">
    /// The file. It is empty for a process whose root is no mount and has none below. A zombie's cannot be opened (EINVAL).
    /// </param>
    /// <param name="mounts">Cleared; takes the mounts in the order of the file. Lines that are not understood are left out.</param>
    /// <returns>Ok; Malformed when a line was not understood or the last one was cut.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, List<MountEntry> mounts)
    {
        mounts.Clear();
        bool whole = text.IsEmpty || text[^1] == '\n';
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (MountLine.TryParse(line, out MountLine mount))
            {
                mounts.Add(new MountEntry
                {
                    Id = mount.Id,
                    Parent = mount.Parent,
                    Device = mount.Device,
                    Root = MountLine.Unescape(mount.Root),
                    Point = MountLine.Unescape(mount.Point),
                    Type = Encoding.UTF8.GetString(MountLine.Unescape(mount.Type)),
                });
            }
            else
            {
                whole = false;
            }
        }

        return whole ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }
}
