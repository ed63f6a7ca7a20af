using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Procfs;

/// <summary>The other files read with Split, regular expressions and big integers.</summary>
internal static partial class SlowParser
{
    internal static readonly string[] RollupNames =
    [
        "Rss", "Pss", "Pss_Dirty", "Pss_Anon", "Pss_File", "Pss_Shmem", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty",
        "Referenced", "Anonymous", "KSM", "LazyFree", "AnonHugePages", "ShmemPmdMapped", "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb",
        "Swap", "SwapPss", "Locked",
    ];

    public static IReadOnlyDictionary<string, string>? Statm(byte[] bytes)
    {
        Match match = Pages().Match(Encoding.Latin1.GetString(bytes));
        Dictionary<string, string> values = [];
        foreach (string name in (string[])["size", "resident", "shared", "last"])
        {
            if (!ulong.TryParse(match.Groups[name].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong pages))
            {
                return null;
            }

            values[name] = $"{pages}";
        }

        values.Remove("last");
        return values;
    }

    public static IReadOnlyDictionary<string, string>? Status(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        bool uids = false;
        foreach (string line in NumberLines(bytes))
        {
            string[] parts = line.Split('\t');
            switch (parts[0])
            {
                case "Uid:" when parts.Length > 1:
                    uint effective = 0;
                    uids = parts.Length > 3 && uint.TryParse(parts[1], NumberStyles.None, null, out _)
                        && uint.TryParse(parts[2], NumberStyles.None, null, out effective);
                    values["real"] = uids ? $"{uint.Parse(parts[1])}" : "";
                    values["effective"] = $"{effective}";
                    break;
                case "NSpid:" when parts.Length > 1:
                    SetOrRemove("inner", int.TryParse(parts[^1], NumberStyles.AllowLeadingSign, null, out int pid) ? $"{pid}" : null);
                    break;
                case "CapEff:" when parts.Length > 1:
                    SetOrRemove("caps", ulong.TryParse(line[8..], NumberStyles.AllowHexSpecifier, null, out ulong set) ? $"{set}" : null);
                    break;
                default:
                    break;
            }
        }

        return uids ? values : null;

        void SetOrRemove(string name, string? value)
        {
            values.Remove(name);
            if (value is not null)
            {
                values[name] = value;
            }
        }
    }

    public static IReadOnlyDictionary<string, string>? Rollup(byte[] bytes)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n');
        if (lines.Length < 2 || lines[^1].Length > 0 || !lines[0].EndsWith("[rollup]"))
        {
            return null;
        }

        Dictionary<string, string>? values = Sizes(lines[1..^1], RollupNames);
        return values?.ContainsKey("Rss") == true
            ? values.ToDictionary(static v => v.Key == "KSM" ? "Ksm" : v.Key.Replace("_", "", StringComparison.Ordinal), static v => v.Value)
            : null;
    }

    public static IReadOnlyDictionary<string, string>? MemInfo(byte[] bytes)
    {
        Dictionary<string, string>? values = Sizes(Lines(bytes), ["MemTotal", "MemAvailable", "Shmem"]);
        return values?.ContainsKey("MemTotal") == true ? values : null;
    }

    public static IReadOnlyDictionary<string, string>? Cgroup(byte[] bytes)
    {
        string[][] lines = [.. Lines(bytes).Select(static line => line.Split(':', 3))];
        return lines.Any(static line => line.Length < 3)
            ? null
            : lines.Select(static (line, i) => (i, line)).ToDictionary(
                static one => $"{one.i}", static one => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(one.line[2])));
    }

    public static IReadOnlyDictionary<string, string>? VmStat(byte[] bytes)
    {
        Dictionary<string, string> names = new()
        {
            ["pgfault"] = "pgfault",
            ["pgmajfault"] = "pgmajfault",
            ["workingset_refault_anon"] = "anon",
            ["workingset_refault_file"] = "file",
            ["workingset_refault"] = "file",
            ["pswpin"] = "pswpin",
            ["pswpout"] = "pswpout",
        };
        Dictionary<string, string> values = [];
        foreach (string[] parts in NumberLines(bytes).Select(static line => line.Split(' ', 2)))
        {
            if (parts.Length < 2 || !names.ContainsKey(parts[0]))
            {
                continue;
            }

            if (!Whole(parts[1], out long value) || value > 1L << 47)
            {
                return null;
            }

            values[names[parts[0]]] = $"{value}";
        }

        return values.ContainsKey("pgfault") || values.ContainsKey("pgmajfault") ? values : null;
    }

    public static IReadOnlyDictionary<string, string>? Pressure(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        foreach (string line in NumberLines(bytes))
        {
            if (line.Split(' ')[0] is not ("some" or "full") || !line.Contains(' ', StringComparison.Ordinal))
            {
                continue;
            }

            int at = line.LastIndexOf(" total=", StringComparison.Ordinal);
            if (at < 0 || !Whole(line[(at + 7)..], out long value))
            {
                return null;
            }

            values[line.Split(' ')[0]] = $"{value}";
        }

        return values.ContainsKey("some") ? values.Where(static v => v.Key is "some" or "full").ToDictionary() : null;
    }

    public static IReadOnlyDictionary<string, string>? HostStat(byte[] bytes)
    {
        string? line = NumberLines(bytes).FirstOrDefault(static line => line.StartsWith("btime ", StringComparison.Ordinal));
        return line is not null && Whole(line[6..], out long value) && value > 0 ? new Dictionary<string, string> { ["btime"] = $"{value}" } : null;
    }

    public static IReadOnlyDictionary<string, string>? Uptime(byte[] bytes)
    {
        string[] parts = Encoding.Latin1.GetString(bytes).Replace('\0', '?').Split(' ');
        return parts.Length > 1 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds >= 0 && seconds <= uint.MaxValue
            ? new Dictionary<string, string> { ["seconds"] = $"{seconds}" }
            : null;
    }

    internal static Dictionary<string, string>? Sizes(IEnumerable<string> lines, string[] names)
    {
        Dictionary<string, string> values = [];
        foreach (string line in lines.Where(line => names.Contains(line.Split(':')[0]) && line.Contains(':', StringComparison.Ordinal)))
        {
            Match match = Size().Match(line);
            BigInteger size = match.Success ? BigInteger.Parse(match.Groups["kb"].Value) * 1024 : -1;
            if (size < 0 || size > long.MaxValue)
            {
                return null;
            }

            values[line.Split(':')[0]] = $"{size}";
        }

        return values;
    }

    private static bool Whole(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= 0;

    // A last line without a newline was cut.
    private static string[] Lines(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split('\n')[..^1];

    // .NET's number parsers pass over NULs at the end; the kernel prints none.
    private static string[] NumberLines(byte[] bytes) => Array.ConvertAll(Lines(bytes), static line => line.Replace('\0', '?'));

    [GeneratedRegex(@"\A[^:]+:[ \t]*(?<kb>[0-9]+) kB\z")]
    private static partial Regex Size();

    [GeneratedRegex(@"\A(?<size>[0-9]+) (?<resident>[0-9]+) (?<shared>[0-9]+) [^ ]* [^ ]* [^ ]* (?<last>[0-9]+)[ \n]", RegexOptions.Singleline)]
    private static partial Regex Pages();
}
