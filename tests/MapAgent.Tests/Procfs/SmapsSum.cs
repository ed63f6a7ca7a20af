using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Procfs;

/// <summary>Sums /proc/PID/smaps the slow way, under the names of RollupField.</summary>
internal static partial class SmapsSum
{
    public static Dictionary<string, long> Of(string smaps, out int mappings)
    {
        Dictionary<string, long> sums = [];
        foreach (Match match in Size().Matches(smaps))
        {
            string name = match.Groups["name"].Value is "KSM" ? "Ksm" : match.Groups["name"].Value.Replace("_", "", StringComparison.Ordinal);
            sums[name] = sums.GetValueOrDefault(name) + (long.Parse(match.Groups["kb"].Value) * 1024);
        }

        mappings = smaps.Split("\nRss:").Length - 1;
        return sums;
    }

    [GeneratedRegex(@"^(?<name>\w+): +(?<kb>[0-9]+) kB$", RegexOptions.Multiline)]
    private static partial Regex Size();
}
