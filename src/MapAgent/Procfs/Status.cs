using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/PID/status, readable by everybody. Lines such as <c>Uid:\t1000\t1000\t1000\t1000</c> and <c>VmSwap:\t  12 kB</c>.
/// Kernel threads and zombies have no Vm lines.
/// </summary>
internal struct Status
{
    /// <summary>Real user id, in the reader's user namespace.</summary>
    public uint RealUid;

    /// <summary>Effective user id, in the reader's user namespace.</summary>
    public uint EffectiveUid;

    /// <summary>The pid in the innermost pid namespace; null before Linux 4.1.</summary>
    public int? InnermostPid;

    /// <summary>Effective capabilities as a bit set; null when the line is missing.</summary>
    public ulong? EffectiveCapabilities;

    /// <summary>Resident bytes of shared memory of any kind; null before Linux 4.5 and without an address space.</summary>
    public long? RssShmem;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed when there is no readable Uid line.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out Status status)
    {
        status = default;
        bool uids = false;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (line.StartsWith("Uid:\t"u8))
            {
                uids = TryUids(line[5..], ref status);
            }
            else if (line.StartsWith("NSpid:\t"u8))
            {
                ReadOnlySpan<byte> last = line[(line.LastIndexOf((byte)'\t') + 1)..];
                status.InnermostPid = Utf8Parser.TryParse(last, out int pid, out int used) && used == last.Length ? pid : null;
            }
            else if (line.StartsWith("CapEff:\t"u8))
            {
                status.EffectiveCapabilities = Utf8Parser.TryParse(line[8..], out ulong set, out int used, 'x') && used == line.Length - 8
                    ? set : null;
            }
            else if (line.StartsWith("RssShmem:"u8))
            {
                status.RssShmem = KbLine.TryValue(line[9..], out long bytes) ? bytes : null;
            }
        }

        return uids ? ReadOutcome.Ok : ReadOutcome.Malformed;
    }

    private static bool TryUids(ReadOnlySpan<byte> numbers, ref Status status) =>
        Utf8Parser.TryParse(numbers, out status.RealUid, out int used)
        && used + 1 < numbers.Length
        && numbers[used] == '\t'
        && Utf8Parser.TryParse(numbers[(used + 1)..], out status.EffectiveUid, out int more)
        && used + 1 + more < numbers.Length
        && numbers[used + 1 + more] == '\t';
}
