using System.Globalization;
using System.Text;

namespace MapAgent.Tests;

/// <summary>Text of /proc/PID/smaps, block after block; all sizes are KiB. Parts that are not given are zero.</summary>
internal sealed class SmapsText
{
    private readonly StringBuilder _text = new();
    private ulong _next = 0x5500_0000_0000;

    /// <summary>A mapping; addresses go up by themselves unless one is given.</summary>
    public SmapsText Add(
        string path = "", string rights = "rw-p", long kib = 64, long rss = 0, long? pss = null, long dirty = 0, long swap = 0, string flags = "rd wr mr mw me ac",
        string device = "00:00", ulong inode = 0, ulong? at = null)
    {
        ulong start = at ?? _next;
        ulong end = start + ((ulong)kib * 1024);
        _next = end + 4096;
        string head = string.Create(CultureInfo.InvariantCulture, $"{start:x8}-{end:x8} {rights} 00000000 {device} {inode} ");
        _text.Append(path.Length == 0 ? head : head.PadRight(73) + path).Append('\n');
        foreach ((string name, long value) in ((string, long)[])
        [
            ("Size", kib), ("KernelPageSize", 4), ("MMUPageSize", 4), ("Rss", rss), ("Pss", pss ?? rss), ("Pss_Dirty", dirty), ("Shared_Clean", 0), ("Shared_Dirty", 0),
            ("Private_Clean", rss - dirty), ("Private_Dirty", dirty), ("Referenced", rss), ("Anonymous", dirty), ("KSM", 0), ("LazyFree", 0),
            ("AnonHugePages", 0), ("ShmemPmdMapped", 0), ("FilePmdMapped", 0), ("Shared_Hugetlb", 0), ("Private_Hugetlb", 0), ("Swap", swap),
            ("SwapPss", swap), ("Locked", 0),
        ])
        {
            _text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{value,8} kB\n");
        }

        _text.Append("THPeligible:           0\nVmFlags: ").Append(flags).Append(" \n");
        return this;
    }

    /// <summary>A mapping of a file on the disk of this text.</summary>
    public SmapsText AddFile(string path, ulong inode, long rss = 0, string rights = "r--p", string device = "fe:00", long dirty = 0, long kib = 64) =>
        Add(path, rights, kib, rss: rss, dirty: dirty, device: device, inode: inode, flags: rights[2] == 'x' ? "rd ex mr mw me" : "rd mr mw me");

    public override string ToString() => _text.ToString();

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());
}
