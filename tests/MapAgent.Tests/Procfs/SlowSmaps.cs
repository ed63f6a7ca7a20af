using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Procfs;

/// <summary>smaps and limits read with Split and regular expressions.</summary>
internal static partial class SlowSmaps
{
    private static readonly string[] s_codes =
        "rd wr ex sh mr mw me ms gd pf dw lo io sr rr dc de ac nr ht sf ar wf dd sd mm hg nh mg um uw ui ur ss sl dp gu lf bt mt mp".Split(' ');

    public static IReadOnlyDictionary<string, string>? Smaps(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        string[] lines = text.Split('\n');
        if (bytes.Length == 0 || lines[^1].Length > 0)
        {
            return null;
        }

        Dictionary<string, string> values = [];
        int from = 0;
        for (int block = 0; from < lines.Length - 1; block++)
        {
            int to = Array.FindIndex(lines, from + 1, static line => line.Length > 0 && line[0] is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
            to = to < 0 ? lines.Length - 1 : to;
            if (!Block(block, lines[from..to], values))
            {
                return null;
            }

            from = to;
        }

        return values;
    }

    public static IReadOnlyDictionary<string, string>? Limits(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        foreach (string line in Encoding.Latin1.GetString(bytes).Split('\n')[..^1])
        {
            foreach ((string name, string key) in new[] { ("address space", "as"), ("data size", "data"), ("stack size", "stack"), ("locked memory", "locked") })
            {
                if (!line.StartsWith($"Max {name} "))
                {
                    continue;
                }

                Match soft = Soft().Match(line[(5 + name.Length)..]);
                if (!soft.Success)
                {
                    return null;
                }

                string limit = soft.Groups["limit"].Value;
                if (limit != "unlimited" && !ulong.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                {
                    return null;
                }

                values[key] = $"{(limit == "unlimited" ? ulong.MaxValue : ulong.Parse(limit, CultureInfo.InvariantCulture)) switch { > long.MaxValue => long.MaxValue, ulong fits => (long)fits }}";
            }
        }

        return values.ContainsKey("as") ? values : null;
    }

    private static bool Block(int number, string[] lines, Dictionary<string, string> values)
    {
        Match head = Head().Match(lines[0]);
        if (!head.Success || !Fits(head, "major", uint.MaxValue) || !Fits(head, "minor", uint.MaxValue) || Hex(head, "end") <= Hex(head, "start")
            || !ulong.TryParse(head.Groups["inode"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
        {
            return false;
        }

        Dictionary<string, string>? sizes = SlowParser.Sizes(lines[1..], SlowParser.RollupNames);
        string? flags = lines[1..].LastOrDefault(static line => line.StartsWith("VmFlags:"));
        if (sizes is null || !sizes.ContainsKey("Rss") || flags is null)
        {
            return false;
        }

        foreach ((string name, string value) in sizes)
        {
            values[$"{number}.{(name == "KSM" ? "Ksm" : name.Replace("_", "", StringComparison.Ordinal))}"] = value;
        }

        values[$"{number}.flags"] = $"{Flags(flags)}";
        values[$"{number}.range"] = $"{Hex(head, "start")}-{Hex(head, "end")}";
        values[$"{number}.file"] = $"{Hex(head, "major")}:{Hex(head, "minor")} {inode} {Hex(head, "offset")}";
        values[$"{number}.rights"] = $"{head.Groups["r"].Value == "r"} {head.Groups["w"].Value == "w"} {head.Groups["x"].Value == "x"} {head.Groups["s"].Value == "s"}";
        values[$"{number}.path"] = Convert.ToHexString(Encoding.Latin1.GetBytes(head.Groups["path"].Value.TrimStart(' ')));
        return true;
    }

    private static ulong Flags(string line) => line[8..].Split(' ').Where(static code => code.Length == 2)
        .Select(static code => Array.IndexOf(s_codes, code)).Where(static bit => bit >= 0).Aggregate(0UL, static (set, bit) => set | (1UL << bit));

    private static ulong Hex(Match match, string group) => ulong.Parse(match.Groups[group].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool Fits(Match match, string group, ulong most) => Hex(match, group) <= most;

    // .NET's number parsers pass over NULs at the end; the kernel prints none.
    [GeneratedRegex(
        @"\A(?<start>[0-9a-f]{1,16})-(?<end>[0-9a-f]{1,16}) (?<r>.)(?<w>.)(?<x>.)(?<s>[sp]) (?<offset>[0-9a-f]{1,16}) (?<major>[0-9a-f]{1,16}):(?<minor>[0-9a-f]{1,16}) (?<inode>[0-9]+)\0*(?<path> .*)?\z",
        RegexOptions.Singleline)]
    private static partial Regex Head();

    [GeneratedRegex(@"\A *(?<limit>unlimited|[0-9]+) ", RegexOptions.Singleline)]
    private static partial Regex Soft();
}
