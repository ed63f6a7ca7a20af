using System;
using System.Collections.Generic;
using System.Linq;
using MapAgent.Procfs;

namespace MapAgent.Tests.Procfs;

/// <summary>The parsers of the files that tell who shares what, their values as text.</summary>
internal static class FastSharing
{
    public static IReadOnlyDictionary<string, string>? MountInfo(byte[] text)
    {
        List<MountEntry> mounts = [];
        ReadOutcome outcome = MapAgent.Procfs.MountInfo.Parse(text, mounts);
        return outcome != ReadOutcome.Ok ? null : Numbered(mounts.Select(static mount => ((string, string)[])
        [
            ("mount", $"{mount.Id} on {mount.Parent}"), ("device", $"{mount.Device}"), ("root", Convert.ToHexString(mount.Root)),
            ("point", Convert.ToHexString(mount.Point)), ("type", mount.Type),
        ]));
    }

    public static IReadOnlyDictionary<string, string>? Maps(byte[] text)
    {
        List<(string, string)[]> mappings = [];
        int length = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            length += line.Length + 1;
            if (!MapsLine.TryParse(line, out MapsLine m))
            {
                return null;
            }

            char[] rights = [m.IsReadable ? 'r' : '-', m.IsWritable ? 'w' : '-', m.IsExecutable ? 'x' : '-', m.IsShared ? 's' : 'p'];
            mappings.Add(
            [
                ("range", $"{m.Start} to {m.End}, {m.Size} bytes"), ("rights", new string(rights)), ("offset", $"{m.Offset}"),
                ("device", $"{m.Device}"), ("inode", $"{m.Inode}"), ("path", Convert.ToHexString(m.Path)),
            ]);
        }

        return length == text.Length ? Numbered(mappings) : null;
    }

    public static IReadOnlyDictionary<string, string>? SysvShm(byte[] text)
    {
        List<SysvSegment> segments = [];
        ReadOutcome outcome = MapAgent.Procfs.SysvShm.Parse(text, segments);
        return outcome != ReadOutcome.Ok ? null : Numbered(segments.Select(static s => ((string, string)[])
        [
            ("names", $"key {s.Key} id {s.Id}"), ("mode", $"{s.Mode}"), ("users", $"pid {s.CreatorPid} uid {s.Uid} times {s.Attached}"),
            ("changed", $"{s.ChangedAt}"), ("bytes", $"{s.SizeBytes} {s.ResidentBytes} {s.SwapBytes}"),
        ]));
    }

    public static IReadOnlyDictionary<string, string>? NamespaceLink(byte[] target) =>
        MapAgent.Procfs.NamespaceLink.Parse(target, out ulong number) != ReadOutcome.Ok ? null
            : new Dictionary<string, string> { ["number"] = $"{number}" };

    private static Dictionary<string, string> Numbered(IEnumerable<(string Name, string Value)[]> lines) =>
        lines.SelectMany(static (line, i) => line.Select(value => ($"{i}.{value.Name}", value.Value))).ToDictionary();
}
