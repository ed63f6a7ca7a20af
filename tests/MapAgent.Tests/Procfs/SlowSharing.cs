using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace MapAgent.Tests.Procfs;

/// <summary>The files that tell who shares what, read with Split, regular expressions and big integers; whole files or nothing.</summary>
internal static partial class SlowSharing
{
    public static IReadOnlyDictionary<string, string>? MountInfo(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        foreach ((int i, string line) in Lines(bytes).Index())
        {
            string[] parts = line.Split(' ');
            int dash = parts.Length < 7 ? -1 : Array.IndexOf(parts, "-", 6);
            Match numbers = MountNumbers().Match(line);
            if (dash < 0 || parts[5].Length == 0 || parts.Length <= dash + 2 || parts[(dash + 2)..] is [""] || !numbers.Success)
            {
                return null;
            }

            values[$"{i}.mount"] = $"{Number(numbers, "id")} on {Number(numbers, "parent")}";
            values[$"{i}.device"] = $"{Number(numbers, "major")}:{Number(numbers, "minor")}";
            values[$"{i}.root"] = Hex(Unescape(parts[3]));
            values[$"{i}.point"] = Hex(Unescape(parts[4]));
            values[$"{i}.type"] = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Unescape(parts[dash + 1])));
        }

        return values;
    }

    public static IReadOnlyDictionary<string, string>? Maps(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        foreach ((int i, string line) in Lines(bytes).Index())
        {
            Match match = MapsLine().Match(line);
            if (!match.Success)
            {
                return null;
            }

            (BigInteger start, BigInteger end) = (Address(match, "start"), Address(match, "end"));
            values[$"{i}.range"] = $"{start} to {end}, {end - start} bytes";
            values[$"{i}.rights"] = match.Groups["rights"].Value;
            values[$"{i}.offset"] = $"{Address(match, "offset")}";
            values[$"{i}.device"] = $"{Address(match, "major")}:{Address(match, "minor")}";
            values[$"{i}.inode"] = $"{Number(match, "inode")}";
            values[$"{i}.path"] = Hex(match.Groups["path"].Value);
        }

        return values;
    }

    public static IReadOnlyDictionary<string, string>? SysvShm(byte[] bytes)
    {
        Dictionary<string, string> values = [];
        foreach ((int i, string line) in Lines(bytes).Skip(1).Index())
        {
            string[] columns = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(16)];
            if (columns.Length < 16 || !columns.All(static column => Integer().IsMatch(column)))
            {
                return null;
            }

            BigInteger[] numbers = Array.ConvertAll(columns, BigInteger.Parse);
            values[$"{i}.names"] = $"key {numbers[0]} id {numbers[1]}";
            values[$"{i}.mode"] = $"{Octal(columns[2])}";
            values[$"{i}.users"] = $"pid {numbers[4]} uid {numbers[7]} times {numbers[6]}";
            values[$"{i}.changed"] = $"{numbers[13]}";
            values[$"{i}.bytes"] = $"{numbers[3]} {numbers[14]} {numbers[15]}";
        }

        return values;
    }

    public static IReadOnlyDictionary<string, string>? NamespaceLink(byte[] bytes)
    {
        Match match = Link().Match(Encoding.Latin1.GetString(bytes));
        return match.Success ? new Dictionary<string, string> { ["number"] = $"{Number(match, "number")}" } : null;
    }

    private static BigInteger Number(Match match, string group) => BigInteger.Parse(match.Groups[group].Value, NumberStyles.None);

    // The zero in front keeps the highest digit from being a sign.
    private static BigInteger Address(Match match, string group) =>
        BigInteger.Parse("0" + match.Groups[group].Value, NumberStyles.AllowHexSpecifier);

    private static int Octal(string digits) => digits.Aggregate(0, static (value, digit) => (value * 8) + (digit - '0'));

    private static string Unescape(string text) =>
        Escape().Replace(text, static escape => $"{(char)Octal(escape.Groups["digits"].Value)}");

    private static string Hex(string latin) => Convert.ToHexString(Encoding.Latin1.GetBytes(latin));

    private static string[] Lines(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split('\n')[..^1];

    [GeneratedRegex(@"\A(?<id>[0-9]+) (?<parent>[0-9]+) (?<major>[0-9]+):(?<minor>[0-9]+) [^ ]+ [^ ]+ ", RegexOptions.Singleline)]
    private static partial Regex MountNumbers();

    [GeneratedRegex(@"\\(?<digits>[0-3][0-7][0-7])")]
    private static partial Regex Escape();

    [GeneratedRegex(
        @"\A(?<start>[0-9a-f]+)-(?<end>[0-9a-f]+) (?<rights>[r-][w-][x-][ps]) (?<offset>[0-9a-f]+) "
        + @"(?<major>[0-9a-f]+):(?<minor>[0-9a-f]+) (?<inode>[0-9]+) +(?<path>([^ ].*)?)\z",
        RegexOptions.Singleline)]
    private static partial Regex MapsLine();

    [GeneratedRegex(@"\A-?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A.+?:\[(?<number>[0-9]+)\]\z", RegexOptions.Singleline)]
    private static partial Regex Link();
}
