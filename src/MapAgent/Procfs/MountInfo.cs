using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/mountinfo (proc.rst 3.5): <c>36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw</c>, with a changing
/// number of fields before the lone dash. Blank, tab, newline and backslash in paths are written as three octal digits.
/// </summary>
internal static class MountInfo
{
    /// <summary>Reads the file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="mounts">Cleared; takes the mounts in the order of the file. Lines that are not understood are left out.</param>
    /// <returns>Ok; Malformed when a line was not understood; NoAddressSpace, a zombie's answer, when there is no line.</returns>
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
                    Type = Encoding.UTF8.GetString(mount.Type),
                });
            }
            else
            {
                whole = false;
            }
        }

        return !whole ? ReadOutcome.Malformed : mounts.Count == 0 ? ReadOutcome.NoAddressSpace : ReadOutcome.Ok;
    }
}
