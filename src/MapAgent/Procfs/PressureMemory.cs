using System;
using System.Buffers.Text;

namespace MapAgent.Procfs;

/// <summary>
/// /proc/pressure/memory: <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=1234</c> and the same for <c>full</c>. The file is
/// there but unreadable (EOPNOTSUPP) where the kernel was started without psi=1.
/// </summary>
internal struct PressureMemory
{
    /// <summary>Microseconds in which at least one task waited for memory.</summary>
    public long? SomeMicroseconds;

    /// <summary>Microseconds in which all tasks waited for memory.</summary>
    public long? FullMicroseconds;

    /// <summary>Reads the file.</summary>
    /// <returns>Ok; Malformed without a readable <c>some</c> line.</returns>
    public static ReadOutcome Parse(ReadOnlySpan<byte> text, out PressureMemory pressure)
    {
        pressure = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (!line.StartsWith("some "u8) && !line.StartsWith("full "u8))
            {
                continue;
            }

            int total = line.LastIndexOf(" total="u8);
            if (total < 0 || !Utf8Parser.TryParse(line[(total + 7)..], out long microseconds, out int used)
                || total + 7 + used != line.Length || microseconds < 0)
            {
                return ReadOutcome.Malformed;
            }

            if (line[0] == 's')
            {
                pressure.SomeMicroseconds = microseconds;
            }
            else
            {
                pressure.FullMicroseconds = microseconds;
            }
        }

        return pressure.SomeMicroseconds is null ? ReadOutcome.Malformed : ReadOutcome.Ok;
    }
}
