using System;
using System.Collections.Generic;
using System.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/cgroup, cgroups(7): lines <c>hierarchy:controllers:path</c>, one for each v1 hierarchy and <c>0::path</c> for v2.
/// Readable by everybody. A path may hold colons.
/// </summary>
internal static class Cgroup
{
    /// <summary>The paths in the kernel's order, newlines unescaped as they stand.</summary>
    /// <returns>Ok; Malformed when a line has no two colons.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out string[] paths)
    {
        List<string> found = [];
        paths = [];
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                return ReadOutcome.Malformed;
            }

            found.Add(Encoding.UTF8.GetString(line[(first + second + 2)..]));
        }

        paths = [.. found];
        return ReadOutcome.Ok;
    }
}
