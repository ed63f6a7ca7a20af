using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using MapAgent.Procfs;

namespace MapAgent.Tests.Procfs;

/// <summary>smaps and limits as the parsers under test read them, their values as text.</summary>
internal static partial class FastSmaps
{
    public static IReadOnlyDictionary<string, string>? Smaps(byte[] text) => Smaps([text]);

    /// <summary>The same in pieces.</summary>
    public static IReadOnlyDictionary<string, string>? Smaps(IEnumerable<byte[]> pieces)
    {
        Dictionary<string, string> values = [];
        Smaps smaps = default;
        foreach (byte[] lines in pieces)
        {
            SmapsPiece piece = new(lines, ref smaps);
            while (piece.Next(out MapsLine mapping))
            {
                Take(values, smaps, smaps.Mappings - 2);
                long number = smaps.Mappings - 1;
                values[$"{number}.range"] = $"{mapping.Start}-{mapping.End}";
                values[$"{number}.file"] = $"{mapping.Device.Major}:{mapping.Device.Minor} {mapping.Inode} {mapping.Offset}";
                values[$"{number}.rights"] = $"{mapping.IsReadable} {mapping.IsWritable} {mapping.IsExecutable} {mapping.IsShared}";
                values[$"{number}.path"] = Convert.ToHexString(mapping.Path);
            }
        }

        Take(values, smaps, smaps.Mappings - 1);
        return smaps.Judge(ReadOutcome.Ok) == ReadOutcome.Ok ? values : null;
    }

    public static IReadOnlyDictionary<string, string>? Limits(byte[] text) =>
        ProcessLimits.Parse(text, out ProcessLimits limits) != ReadOutcome.Ok ? null : FastReading.Known(
            ("as", limits.AddressSpace), ("data", limits.Data), ("stack", limits.Stack), ("locked", limits.Locked));

    /// <summary>A few mappings of each captured file: whole ones would take the laws minutes.</summary>
    public static byte[][] Seeds() =>
    [
        .. Fixture.All("smaps").Select(static file => Blocks().Matches(Encoding.Latin1.GetString(file)))
            .Select(static blocks => Encoding.Latin1.GetBytes(string.Concat(new[] { 0, 7, blocks.Count - 2, blocks.Count - 1 }.Select(block => blocks[block].Value)))),
    ];

    private static void Take(Dictionary<string, string> values, in Smaps smaps, long number)
    {
        if (number < 0)
        {
            return;
        }

        foreach (RollupField field in Enum.GetValues<RollupField>())
        {
            if (smaps.Values[field] is { } bytes)
            {
                values[$"{number}.{field}"] = $"{bytes}";
            }
        }

        values[$"{number}.flags"] = $"{(ulong)smaps.Flags}";
    }

    [GeneratedRegex(@"^[0-9a-f]+-.*\n(?:[A-Z].*\n)*", RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
