using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace MapAgent.SystemTests.Harness;

/// <summary>What the kernel says, read in the plainest way and apart from the agent's own code.</summary>
internal static class Kernel
{
    private const ulong KernelThread = 0x0020_0000;

    /// <summary>The pids of all processes that are no kernel threads, in order.</summary>
    public static int[] Processes() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(static name => name![0] is >= '1' and <= '9')
            .Select(static name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(IsProcess).Order()];

    /// <summary>smaps_rollup in bytes by the kernel's names.</summary>
    public static Dictionary<string, long> Rollup(int pid) =>
        File.ReadAllLines($"/proc/{pid}/smaps_rollup").Skip(1).Select(static line => line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(static words => words[0], static words => long.Parse(words[1], CultureInfo.InvariantCulture) * 1024);

    /// <summary>The mappings in smaps: addresses, rights, what stands behind the inode, and sizes in bytes by the kernel's names.</summary>
    public static List<(ulong Start, ulong End, string Name, Dictionary<string, long> Sizes)> Smaps(int pid)
    {
        List<(ulong, ulong, string, Dictionary<string, long>)> mappings = [];
        foreach (string line in File.ReadAllLines($"/proc/{pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].EndsWith(':'))
            {
                if (words[^1] == "kB")
                {
                    mappings[^1].Item4[words[0].TrimEnd(':')] = long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
                }

                continue;
            }

            ulong[] range = [.. words[0].Split('-').Select(static end => ulong.Parse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
            mappings.Add((range[0], range[1], string.Join(' ', words.Skip(5)), []));
        }

        return mappings;
    }

    /// <summary>The fields of stat from the third on; so field N of proc(5) is at N - 3.</summary>
    public static string[] Stat(int pid)
    {
        string text = Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{pid}/stat"));
        return text[(text.LastIndexOf(')') + 2)..].TrimEnd().Split(' ');
    }

    /// <summary>One field of stat, by its number in proc(5).</summary>
    public static long Stat(int pid, int field) => long.Parse(Stat(pid)[field - 3], CultureInfo.InvariantCulture);

    /// <summary>Start of a process in seconds since 1970.</summary>
    public static double StartTime(int pid)
    {
        string boot = File.ReadLines("/proc/stat").First(static line => line.StartsWith("btime ", StringComparison.Ordinal));
        return long.Parse(boot.Split(' ')[1], CultureInfo.InvariantCulture) + (Stat(pid, 22) / 100.0);
    }

    /// <summary>Resident bytes of a process by its status.</summary>
    public static long Resident(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What statfs(2) says of a filesystem: its bytes, those in use, its files, those there are without the root.</summary>
    public static async Task<(long Size, long Used, long Inodes, long InodesUsed)> StatFsAsync(string path)
    {
        (int code, string output, string errors) = await ChildProcess.RunAsync("stat", ["-f", "-c", "%S %b %f %c %d", path]);
        Assert.True(code == 0, errors);
        long[] n = [.. output.Split(' ').Select(static word => long.Parse(word, CultureInfo.InvariantCulture))];
        return (n[0] * n[1], n[0] * (n[1] - n[2]), n[3], n[3] - n[4] - 1);
    }

    /// <summary>The text of a file of a process; empty once it has ended.</summary>
    public static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static bool IsProcess(int pid)
    {
        try
        {
            return ((ulong)Stat(pid, 9) & KernelThread) == 0;
        }
        catch (IOException)
        {
            // It ended since the listing.
            return false;
        }
    }
}
