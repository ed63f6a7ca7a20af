using System;
using System.Globalization;
using System.IO;

namespace MapAgent.SystemTests.Harness;

/// <summary>A made-up procfs with as many processes as a crowded node has.</summary>
internal sealed class LargeTree : IDisposable
{
    /// <summary>How many processes it has.</summary>
    public const int Processes = 30_000;

    /// <summary>How many names they have between them.</summary>
    public const int Names = 10;

    // From the size of the address space, field 23, on.
    private const string Rest = "228589568 29000 18446744073709551615 1 1 2 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 1 1 1 1 1 1 0\n";

    private readonly TemporaryFolder _folder;

    /// <summary>Writes it.</summary>
    public LargeTree()
    {
        // On a disk this takes half a minute, in memory a second; a container's /dev/shm is too small.
        bool inMemory = new DriveInfo("/dev/shm").AvailableFreeSpace > 512L * 1024 * 1024;
        _folder = new TemporaryFolder(inMemory ? "/dev/shm" : null);
        foreach (string file in new[] { "vmstat", "meminfo", "stat", "uptime" })
        {
            File.Copy(Path.Combine(Repository.Fixture("proc"), file), _folder.File(file));
        }

        string rollup = Path.Combine(Repository.Fixture("proc"), "100", "smaps_rollup");
        for (int pid = 1; pid <= Processes; pid++)
        {
            string process = Directory.CreateDirectory(_folder.File(pid.ToString(CultureInfo.InvariantCulture))).FullName;
            File.WriteAllText(Path.Combine(process, "stat"), FormattableString.Invariant(
                $"{pid} (name-{pid % Names}) S 1 {pid} {pid} 0 -1 4194304 9120 0 41 0 101 88 0 0 20 0 1 0 {1200 + pid} {Rest}"));
            File.CreateSymbolicLink(Path.Combine(process, "smaps_rollup"), rollup);
        }
    }

    /// <summary>Its root.</summary>
    public string Root => _folder.Path;

    /// <summary>Removes it: so many names in /dev/shm are more than an agent lists, and are no other test's business.</summary>
    public void Dispose() => _folder.Dispose();
}
