using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Procfs;

/// <summary>/proc/PID/stat read by splitting at blanks: slow, and written without a look at the parser.</summary>
internal static partial class SlowStat
{
    public static IReadOnlyDictionary<string, string>? Read(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        Match match = Line().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // fields[0] is field 3 of proc(5); a last field without a blank or newline behind it was cut.
        string tail = match.Groups["tail"].Value;
        string[] fields = (tail.EndsWith('\n') ? tail[..^1] : tail).Split(' ');
        int whole = tail.EndsWith('\n') ? fields.Length : fields.Length - 1;
        Dictionary<string, string> values = new()
        {
            ["comm"] = Convert.ToHexString(Encoding.Latin1.GetBytes(match.Groups["comm"].Value)),
        };
        bool good = whole > 28 - 3 && fields[0].Length == 1
            && Take("pid", match.Groups["pid"].Value, 1, int.MaxValue) && Take("parent", fields[4 - 3], 0, int.MaxValue)
            && Take("flags", fields[9 - 3], 0, ulong.MaxValue) && Take("minor", fields[10 - 3], 0, long.MaxValue)
            && Take("major", fields[12 - 3], 0, long.MaxValue) && Take("user", fields[14 - 3], 0, ulong.MaxValue)
            && Take("system", fields[15 - 3], 0, ulong.MaxValue) && Take("start", fields[22 - 3], 0, 1_000_000_000_000)
            && Take("virtual", fields[23 - 3], 0, long.MaxValue) && Take("resident", fields[24 - 3], 0, 1L << 45)
            && Take("code", fields[26 - 3], 0, ulong.MaxValue) && Take("stack", fields[28 - 3], 0, ulong.MaxValue);
        if (!good)
        {
            return null;
        }

        values["state"] = $"{(int)fields[0][0]}";
        values["cpu"] = $"{unchecked(ulong.Parse(values["user"]) + ulong.Parse(values["system"]))}";
        return values.Where(static value => value.Key is not ("user" or "system")).ToDictionary();

        bool Take(string name, string digits, ulong least, ulong most)
        {
            // Signed fields may be printed as -0 by nobody but a mutation; it is zero all the same.
            string number = name is "parent" or "resident" && digits == "-0" ? "0" : digits;
            // .NET's number parsers pass over NULs at the end.
            if (number.Contains('\0', StringComparison.Ordinal) || !ulong.TryParse(number, NumberStyles.None, null, out ulong value)
                || value < least || value > most)
            {
                return false;
            }

            values[name] = $"{value}";
            return true;
        }
    }

    // Greedy, so that the closing parenthesis is the last one.
    [GeneratedRegex(@"\A(?<pid>[0-9]+) \((?<comm>.*)\) (?<tail>[^)]*)\z", RegexOptions.Singleline)]
    private static partial Regex Line();
}
